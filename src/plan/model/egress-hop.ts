/** The egress gateway that the calls of a dependency leave through. */
export interface EgressHop {
  /** The construct, for messages. */
  readonly path: string;
  /** The Gateway object as VirtualServices of any namespace name it. */
  readonly gateway: string;
  /** The route to it has this name. */
  readonly name: string;
  /** The host of its Service, and the subset by which callers encrypt. */
  readonly host: string;
  readonly subset?: string;
  /** The ports of its Service. */
  readonly httpPort: number;
  readonly tlsPort: number;
}
