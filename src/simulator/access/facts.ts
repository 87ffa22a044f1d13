import type { Request } from '../request';
import type { Token } from '../token';

/** Who is at the other end of a connection. */
export type Peer =
  /** No certificate, as over plaintext. */
  | 'none'
  /** What its certificate names is not known. */
  | 'unknown'
  /** A SPIFFE ID; with `isOpen`, the part that is known, which ends before the service account. */
  | { readonly id: string; readonly isOpen?: boolean };

/** What access filters see of a request or a connection. Undefined is what is not known. */
export interface AccessFacts {
  /** Undefined for a connection of which Envoy sees no request. */
  readonly request?: Request;
  readonly peer: Peer;
  /** The address of the other end of the connection. */
  readonly directAddress?: string;
  /** Whether a gateway or a load balancer opens the connection in place of the caller. @default false */
  readonly isFromGateway?: boolean;
  /** The address that forwarding headers state, else that of the connection. */
  readonly remoteAddress?: string;
  /** The port of the connection at the proxy that decides. */
  readonly port: number;
  /** The server name of the handshake; empty without one. */
  readonly serverName?: string;
  readonly token: Token;
}

/** Whether something is met, and why not, or why that is not known. */
export interface Finding {
  readonly met: boolean | undefined;
  readonly why: string;
}

export const MET: Finding = { met: true, why: '' };

export function unmet(why: string): Finding {
  return { met: false, why };
}

export function unknown(why: string): Finding {
  return { met: undefined, why };
}
