import { dnsLabelProblem } from './name';
import { portProblem } from './number';
import type { Problem } from './problem';

/**
 * Options of a port.
 */
export interface ServicePortOptions {
  /**
   * The name of the port.
   * @default - the protocol in lower case, with the number appended, such as `http-80`
   */
  readonly name?: string;
  /**
   * The port of the endpoints, where it differs.
   * @default - the same number
   */
  readonly targetPort?: number;
}

/**
 * A port of a service and the protocol that Envoy speaks there.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export class ServicePort {
  /** HTTP/1.1, or HTTP/2 in clear text where the client asks for it. */
  public static http(port: number, options: ServicePortOptions = {}): ServicePort {
    return new ServicePort(port, 'HTTP', options);
  }

  /** HTTP/2 in clear text. */
  public static http2(port: number, options: ServicePortOptions = {}): ServicePort {
    return new ServicePort(port, 'HTTP2', options);
  }

  /** gRPC, which is routed as HTTP. */
  public static grpc(port: number, options: ServicePortOptions = {}): ServicePort {
    return new ServicePort(port, 'GRPC', options);
  }

  /** HTTPS that the caller itself encrypts: Envoy sees the server name (SNI), no request. */
  public static https(port: number, options: ServicePortOptions = {}): ServicePort {
    return new ServicePort(port, 'HTTPS', options);
  }

  /** TLS that the caller itself encrypts: Envoy sees the server name (SNI), no request. */
  public static tls(port: number, options: ServicePortOptions = {}): ServicePort {
    return new ServicePort(port, 'TLS', options);
  }

  /** TCP: Envoy sees bytes. */
  public static tcp(port: number, options: ServicePortOptions = {}): ServicePort {
    return new ServicePort(port, 'TCP', options);
  }

  /** @internal */
  public static _undeclared(port: number, options: ServicePortOptions): ServicePort {
    return new ServicePort(port, 'AUTO', { ...options, name: options.name ?? `port-${port}` });
  }

  /** The name of the port. */
  public readonly name: string;
  /** The port of the endpoints, where it differs. */
  public readonly targetPort?: number;

  private constructor(
    /** The number of the port. */
    public readonly number: number,
    /**
     * The protocol in Istio's spelling: `HTTP`, `HTTP2`, `GRPC`, `HTTPS`, `TLS` or `TCP`; `AUTO` where a manifest declares none, so that
     * Istio guesses it for each connection and no route can be relied on.
     */
    public readonly protocol: string,
    options: ServicePortOptions,
  ) {
    this.name = options.name ?? `${protocol.toLowerCase()}-${number}`;
    this.targetPort = options.targetPort;
  }

  /** Whether Envoy sees requests on this port, so that HTTP routes apply. */
  public get isHttp(): boolean {
    return this.protocol === 'HTTP' || this.protocol === 'HTTP2' || this.protocol === 'GRPC';
  }
}

/** Which of Istio's routes apply to connections of a port where no request is seen; undefined for HTTP, and where the protocol is guessed. */
export function connectionsOf({ protocol }: ServicePort): 'tcp' | 'tls' | undefined {
  if (protocol === 'TCP') return 'tcp';
  return protocol === 'TLS' || protocol === 'HTTPS' ? 'tls' : undefined;
}

/** What is wrong with a list of ports, if anything. */
export function servicePortsProblem(what: string, ports: readonly ServicePort[]): Problem {
  for (const port of ports) {
    const problem = portProblem(`${what} number`, port.number) ?? dnsLabelProblem(`${what} name`, port.name)
      ?? (port.targetPort === undefined ? undefined : portProblem(`${what} targetPort`, port.targetPort));
    if (problem) return problem;
  }
  return ports.length < 2 ? undefined : twiceProblem(what, ports);
}

function twiceProblem(what: string, ports: readonly ServicePort[]): Problem {
  const numbers = new Set<number>();
  const names = new Set<string>();
  for (const port of ports) {
    if (numbers.has(port.number)) return `${what} states port ${port.number} twice; state each port once`;
    if (names.has(port.name)) return `${what} gives the name '${port.name}' to two ports; name them apart`;
    numbers.add(port.number);
    names.add(port.name);
  }
  return undefined;
}

const BY_PROTOCOL: { readonly [protocol: string]: (port: number, options: ServicePortOptions) => ServicePort } = {
  'http': ServicePort.http,
  'kubernetes.io/ws': ServicePort.http,
  'http2': ServicePort.http2,
  'kubernetes.io/h2c': ServicePort.http2,
  'grpc': ServicePort.grpc,
  'grpc-web': ServicePort.grpc,
  'https': ServicePort.https,
  'kubernetes.io/wss': ServicePort.https,
  'tls': ServicePort.tls,
  'tcp': ServicePort.tcp,
  'mongo': ServicePort.tcp,
  'mysql': ServicePort.tcp,
  'redis': ServicePort.tcp,
};

/** Ports whose server speaks first, so that Istio takes them for TCP where nothing is declared. */
const SERVER_FIRST: readonly number[] = [25, 53, 3306, 27017];

/** The port of a Kubernetes Service as Istio reads it: `appProtocol`, else the name's prefix; declared by neither, it is guessed. */
export function servicePortOfManifest(port: { port: number; name?: string; appProtocol?: string; targetPort?: number | string }): ServicePort {
  const stated = (port.appProtocol ?? port.name ?? '').toLowerCase();
  const protocol = Object.hasOwn(BY_PROTOCOL, stated) ? stated : /^grpc-web/.test(stated) ? 'grpc-web' : stated.split('-')[0];
  const guessed = SERVER_FIRST.includes(port.port) ? ServicePort.tcp : ServicePort._undeclared;
  const make = Object.hasOwn(BY_PROTOCOL, protocol) ? BY_PROTOCOL[protocol] : guessed;
  return make(port.port, { name: port.name, targetPort: typeof port.targetPort === 'number' ? port.targetPort : undefined });
}
