/** A connection without a request that Envoy could see. */
export interface ConnectOptions {
  /** The host that the caller connects to. */
  readonly host: string;
  /** The port that the caller connects to, from 1 to 65535. */
  readonly port: number;
  /** The address that the caller's look-up of the host gave. @default that of the service of this name, as far as the manifests tell */
  readonly address?: string;
  /** The server name of a TLS handshake; undefined for a connection in plaintext. */
  readonly serverName?: string;
  /** The protocols that the TLS handshake offers (ALPN), such as `h2`. @default none */
  readonly protocols?: readonly string[];
}
