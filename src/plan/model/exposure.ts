import type { PublicHostAudience } from './audience';

/** A service on a public host, optionally below a path. */
export interface Exposure {
  /** The path of the construct that exposes the service. */
  readonly path: string;
  readonly host: PublicHostAudience;
  readonly pathPrefix?: string;
  readonly rewrite?: string;
  /** The default subset for this host. */
  readonly subset?: string;
  readonly port?: number;
  /** Whether requests that no stated route takes go to the service; undefined means yes. */
  readonly defaultRoute?: boolean;
  /** The gateway port of the connections; undefined for requests, which every HTTP listener serves. */
  readonly listener?: number;
}

/** A delegated path of a public host, whose routes are in a VirtualService of another namespace. */
export interface Handover {
  /** The path of the construct that delegates it. */
  readonly path: string;
  /** The name of the root's route, which Istio prepends to the names of the delegate's routes. */
  readonly name: string;
  readonly pathPrefix?: string;
  readonly delegate: { readonly name: string; readonly namespace: string };
}

/** The path segment of a part of a host: the segment itself and everything below it. */
export function segmentOf(part: { readonly pathPrefix?: string }): string {
  return (part.pathPrefix ?? '').replace(/\/+$/, '');
}
