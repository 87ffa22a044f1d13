import { dnsLabelProblem } from './name';
import { portProblem } from './number';
import type { Problem } from './problem';

/**
 * Options of a listener.
 */
export interface ListenerOptions {
  /**
   * The name of the server's port, unique in the gateway.
   * @default - the protocol in lower case, with the port appended if it is not the usual one
   */
  readonly name?: string;
}

/**
 * Options of an HTTP listener.
 */
export interface HttpListenerOptions extends ListenerOptions {
  /**
   * Answer every request 301 with the HTTPS address.
   * @default false
   */
  readonly httpsRedirect?: boolean;
}

/**
 * Options of an HTTPS listener whose certificate is in a Secret.
 */
export interface HttpsListenerOptions extends ListenerOptions {
  /** The Secret with the server's certificate and key, in the namespace of the gateway workload; for mutual TLS with the client CA as well. */
  readonly credentialName: string;
  /**
   * The oldest TLS version that is spoken.
   * @default TlsVersion.TLSV1_2
   */
  readonly minProtocolVersion?: TlsVersion;
}

/** Versions of TLS. */
export enum TlsVersion {
  /** TLS 1.2. */
  TLSV1_2 = 'TLSV1_2',
  /** TLS 1.3. */
  TLSV1_3 = 'TLSV1_3',
}

/**
 * A port on which a gateway listens.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/gateway/#Server
 */
export class Listener {
  /** Clear HTTP, on port 80 unless stated otherwise. */
  public static http(port: number = 80, options: HttpListenerOptions = {}): Listener {
    return new Listener(port, 'HTTP', options.name, options.httpsRedirect ? { httpsRedirect: true } : undefined);
  }

  /** HTTPS that ends at the gateway. */
  public static https(port: number, options: HttpsListenerOptions): Listener {
    return new Listener(port, 'HTTPS', options.name, terminating('SIMPLE', options));
  }

  /** HTTPS that ends at the gateway and demands a certificate of the client. */
  public static mutualHttps(port: number, options: HttpsListenerOptions): Listener {
    return new Listener(port, 'HTTPS', options.name, terminating('MUTUAL', options));
  }

  /**
   * TLS that goes through the gateway as it is, to a TLS port of a service (`MeshService.exposeVia()`). Connections are told apart by the
   * server name that the client asks for (SNI).
   */
  public static tls(port: number, options: ListenerOptions = {}): Listener {
    return new Listener(port, 'TLS', options.name, { mode: 'PASSTHROUGH' });
  }

  /** Bytes, for a TCP port of one service (`MeshService.exposeVia()`): nothing in them tells hosts apart. */
  public static tcp(port: number, options: ListenerOptions = {}): Listener {
    return new Listener(port, 'TCP', options.name, undefined);
  }

  /** The name of the server's port. */
  public readonly name: string;

  private constructor(
    /** The port of the gateway's Service. */
    public readonly port: number,
    /** The protocol in Istio's spelling: `HTTP`, `HTTPS`, `TLS` or `TCP`. */
    public readonly protocol: string,
    name: string | undefined,
    private readonly tls: object | undefined,
  ) {
    const usual = protocol === 'TCP' ? undefined : protocol === 'HTTP' ? 80 : 443;
    this.name = name ?? (port === usual ? protocol.toLowerCase() : `${protocol.toLowerCase()}-${port}`);
  }

  /** Whether requests are seen here, so that HTTP routes apply. */
  public get isHttp(): boolean {
    return this.protocol === 'HTTP' || this.protocol === 'HTTPS';
  }

  /** @internal */
  public _server(hosts: readonly string[]): object {
    return { port: { number: this.port, name: this.name, protocol: this.protocol }, hosts, tls: this.tls };
  }

  /** @internal */
  public _problem(): Problem {
    const { credentialName } = (this.tls ?? {}) as { credentialName?: string };
    return portProblem('listener port', this.port) ?? dnsLabelProblem('listener name', this.name)
      ?? (this.protocol === 'HTTPS' && !credentialName ? `the listener '${this.name}' has no credentialName; name the Secret with its certificate` : undefined);
  }
}

function terminating(mode: string, options: HttpsListenerOptions): object {
  return { mode, credentialName: options.credentialName, minProtocolVersion: options.minProtocolVersion };
}
