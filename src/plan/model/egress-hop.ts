/** The egress gateway for the calls to a dependency. */
export interface EgressHop {
  /** The path of the construct, for messages. */
  readonly path: string;
  /** The Gateway object, by the name that VirtualServices in any namespace use. */
  readonly gateway: string;
  /** The name of the route to it. */
  readonly name: string;
  /** The host of its Service, and the subset with the TLS settings of callers. */
  readonly host: string;
  readonly subset?: string;
  /** The ports of its Service. */
  readonly httpPort: number;
  readonly tlsPort: number;
}
