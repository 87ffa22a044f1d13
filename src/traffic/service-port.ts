import { accepted } from './accepted';
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
   * The port of the endpoints, if it differs.
   * @default - the same number
   */
  readonly targetPort?: number;
}

/**
 * A port of a service and its protocol.
 *
 * @see https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
 */
export class ServicePort {
  /** Plaintext HTTP/1.1, or HTTP/2 if the client requests it. */
  public static http(port: number, options: ServicePortOptions = {}): ServicePort {
    [port, options] = accepted('ServicePort.http', [port, options]);
    return new ServicePort(port, 'HTTP', options);
  }

  /** Plaintext HTTP/2. */
  public static http2(port: number, options: ServicePortOptions = {}): ServicePort {
    [port, options] = accepted('ServicePort.http2', [port, options]);
    return new ServicePort(port, 'HTTP2', options);
  }

  /** gRPC, which is routed as HTTP. */
  public static grpc(port: number, options: ServicePortOptions = {}): ServicePort {
    [port, options] = accepted('ServicePort.grpc', [port, options]);
    return new ServicePort(port, 'GRPC', options);
  }

  /** HTTPS that the caller itself encrypts. Envoy sees the server name (SNI), but no requests. */
  public static https(port: number, options: ServicePortOptions = {}): ServicePort {
    [port, options] = accepted('ServicePort.https', [port, options]);
    return new ServicePort(port, 'HTTPS', options);
  }

  /** TLS that the caller itself encrypts. Envoy sees the server name (SNI), but no requests. */
  public static tls(port: number, options: ServicePortOptions = {}): ServicePort {
    [port, options] = accepted('ServicePort.tls', [port, options]);
    return new ServicePort(port, 'TLS', options);
  }

  /** TCP. Envoy sees only bytes. */
  public static tcp(port: number, options: ServicePortOptions = {}): ServicePort {
    [port, options] = accepted('ServicePort.tcp', [port, options]);
    return new ServicePort(port, 'TCP', options);
  }

  /** @internal */
  public static _undeclared(port: number, options: ServicePortOptions): ServicePort {
    return new ServicePort(port, 'AUTO', { ...options, name: options.name ?? `port-${port}` });
  }

  /** The name of the port. */
  public readonly name: string;
  /** The port of the endpoints, if it differs. */
  public readonly targetPort?: number;

  private constructor(
    /** The number of the port. */
    public readonly number: number,
    /**
     * The protocol in Istio's spelling: `HTTP`, `HTTP2`, `GRPC`, `HTTPS`, `TLS` or `TCP`. `AUTO` if a manifest declares none, in which case
     * Istio detects it for each connection, and routes are unreliable.
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

/** The kind of route for the connections of a port; undefined for HTTP and undeclared protocols. */
export function connectionsOf({ protocol }: ServicePort): 'tcp' | 'tls' | undefined {
  if (protocol === 'TCP') return 'tcp';
  return protocol === 'TLS' || protocol === 'HTTPS' ? 'tls' : undefined;
}

/** The problem of a list of ports. */
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
    if (numbers.has(port.number)) return `${what} has the number ${port.number} twice; use each number once`;
    if (names.has(port.name)) return `${what} has the name '${port.name}' twice; use different names`;
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

/** Ports of server-first protocols. Istio treats them as TCP if no protocol is declared. */
const SERVER_FIRST: readonly number[] = [25, 53, 3306, 27017];

/** A port of a Kubernetes Service, with the protocol of `appProtocol`, else of the prefix of its name, else undeclared. */
export function servicePortOfManifest(port: {
  port: number;
  name?: string;
  appProtocol?: string;
  targetPort?: number | string;
}): ServicePort {
  const stated = (port.appProtocol ?? port.name ?? '').toLowerCase();
  const protocol = Object.hasOwn(BY_PROTOCOL, stated) ? stated : /^grpc-web/.test(stated) ? 'grpc-web' : stated.split('-')[0];
  const guessed = SERVER_FIRST.includes(port.port) ? ServicePort.tcp : ServicePort._undeclared;
  const make = Object.hasOwn(BY_PROTOCOL, protocol) ? BY_PROTOCOL[protocol] : guessed;
  return make(port.port, { name: port.name, targetPort: typeof port.targetPort === 'number' ? port.targetPort : undefined });
}
