import type { Reach } from './reach';

/** One thing that is not read. */
export interface UnreadItem {
  /** What names it, such as `EnvoyFilter shop/lua` or a field of MeshConfig. */
  readonly name: string;
  readonly what: string;
  readonly changes: string;
  readonly part?: unknown;
  readonly changeAlone?: true;
  readonly isReadInbound?: true;
  readonly reaches: readonly Reach[];
}
