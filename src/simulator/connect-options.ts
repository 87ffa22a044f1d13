/** A connection in which Envoy does not see requests. */
export interface ConnectOptions {
  /** The host that the caller connects to. */
  readonly host: string;
  /** The port that the caller connects to, from 1 to 65535. */
  readonly port: number;
  /** The address to which the caller resolved the host. @default - the address of the service, if the manifests hold it */
  readonly address?: string;
  /** The address from which the caller connects to the proxy. @default unknown: what depends on it is not decided */
  readonly sourceAddress?: string;
  /** The server name (SNI) of a TLS handshake. @default - a plaintext connection */
  readonly serverName?: string;
  /** The protocols that the TLS handshake offers (ALPN), such as `h2`. @default - none */
  readonly protocols?: readonly string[];
}
