import type { PublicHostAudience } from './audience';

/** A public host's part that leads to a service. */
export interface Exposure {
  /** The construct that exposes. */
  readonly path: string;
  readonly host: PublicHostAudience;
  readonly pathPrefix?: string;
  readonly rewrite?: string;
  /** The subset that serves where nothing else says so. */
  readonly subset?: string;
  readonly port?: number;
  /** The gateway's port that connections come through; none for requests, which come through every HTTP listener. */
  readonly listener?: number;
}

/** A public host's part whose routes lie in a VirtualService of another namespace. */
export interface Handover {
  /** The construct that hands it over. */
  readonly path: string;
  /** The name of the root's route, which Istio puts before the names of the delegate's. */
  readonly name: string;
  readonly pathPrefix?: string;
  readonly delegate: { readonly name: string; readonly namespace: string };
}

/** The path segment that a part of a host takes: itself, and everything below it. */
export function segmentOf(part: { readonly pathPrefix?: string }): string {
  return (part.pathPrefix ?? '').replace(/\/+$/, '');
}
