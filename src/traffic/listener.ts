import { accepted } from './accepted';
import { dnsLabelProblem } from './name';
import { portProblem } from './number';
import type { Problem } from './problem';

/**
 * Options of a listener.
 */
export interface ListenerOptions {
  /**
   * The name of the server's port, unique in the gateway.
   * @default - the protocol in lower case, with the port appended unless it is 80 for HTTP or 443 for HTTPS and TLS
   */
  readonly name?: string;
}

/**
 * Options of an HTTP listener.
 */
export interface HttpListenerOptions extends ListenerOptions {
  /**
   * Redirect every request to HTTPS with 301.
   * @default false
   */
  readonly httpsRedirect?: boolean;
}

/**
 * Options of an HTTPS listener whose certificate is in a Secret.
 */
export interface HttpsListenerOptions extends ListenerOptions {
  /**
   * The Secret with the server's certificate and key, in the namespace of the gateway's pods. For mutual TLS, it also contains the client
   * CA.
   */
  readonly credentialName: string;
  /**
   * The minimum TLS version.
   * @default TlsVersion.TLSV1_2
   */
  readonly minProtocolVersion?: TlsVersion;
}

/** A TLS version. */
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
  /** Plaintext HTTP. */
  public static http(port: number = 80, options: HttpListenerOptions = {}): Listener {
    [port, options] = accepted('Listener.http', [port, options]);
    return new Listener(port, 'HTTP', options.name, options.httpsRedirect ? { httpsRedirect: true } : undefined);
  }

  /** HTTPS that the gateway terminates. */
  public static https(port: number, options: HttpsListenerOptions): Listener {
    [port, options] = accepted('Listener.https', [port, options]);
    return new Listener(port, 'HTTPS', options.name, terminating('SIMPLE', options));
  }

  /** HTTPS that the gateway terminates, with a required client certificate. */
  public static mutualHttps(port: number, options: HttpsListenerOptions): Listener {
    [port, options] = accepted('Listener.mutualHttps', [port, options]);
    return new Listener(port, 'HTTPS', options.name, terminating('MUTUAL', options));
  }

  /**
   * TLS that the gateway passes through to a TLS port of a service (`MeshService.exposeVia()`). The gateway routes connections by server
   * name (SNI).
   */
  public static tls(port: number, options: ListenerOptions = {}): Listener {
    [port, options] = accepted('Listener.tls', [port, options]);
    return new Listener(port, 'TLS', options.name, { mode: 'PASSTHROUGH' });
  }

  /** TCP, for a TCP port of one service (`MeshService.exposeVia()`). A TCP connection contains no host, so the listener has only one. */
  public static tcp(port: number, options: ListenerOptions = {}): Listener {
    [port, options] = accepted('Listener.tcp', [port, options]);
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

  /** Whether the gateway sees requests on this listener, so that HTTP routes apply. */
  public get isHttp(): boolean {
    return this.protocol === 'HTTP' || this.protocol === 'HTTPS';
  }

  /**
   * Whether clients need a certificate.
   * @internal
   */
  public get _verifiesClients(): boolean {
    return (this.tls as { readonly mode?: string } | undefined)?.mode === 'MUTUAL';
  }

  /** @internal */
  public _server(hosts: readonly string[]): object {
    return { port: { number: this.port, name: this.name, protocol: this.protocol }, hosts, tls: this.tls };
  }

  /** @internal */
  public _problem(): Problem {
    const { credentialName } = (this.tls ?? {}) as { credentialName?: string };
    return portProblem('listener port', this.port) ?? dnsLabelProblem('listener name', this.name)
      ?? (this.protocol === 'HTTPS' && !credentialName ? `the listener '${this.name}' has no credentialName; set the name of the Secret with its certificate` : undefined);
  }
}

function terminating(mode: string, options: HttpsListenerOptions): object {
  return { mode, credentialName: options.credentialName, minProtocolVersion: options.minProtocolVersion };
}
