import { MESH } from './virtual-services';
import type { Proxy } from '../../envoy/proxy';
import type { Service } from '../../envoy/service';

/** What a proxy sees of a host; undefined where it sees nothing. */
export type Seen = (host: string) => Service | undefined;

/** A proxy that stands for all of its namespace, or for those with its labels. */
export interface Caller {
  readonly proxy: Proxy;
  /** How messages name it. */
  readonly text: string;
  /** What the `gateways` of a match must name for this proxy: the mesh, or a Gateway that it serves. */
  readonly serves: ReadonlySet<string>;
  readonly sees: Seen;
}

/** What sidecars serve. */
export const SIDECAR: ReadonlySet<string> = new Set([MESH]);
