import type { Known } from './known';
import type { Reach } from './reach';
import type { Manifest } from '../manifest/manifest';

/** What is not read of an object. */
export interface Unread {
  /** The content that counts: objects of equal parts do the same. Undefined where a difference between two inputs means nothing. */
  readonly part?: unknown;
  /** Whether in a comparison only a change counts, and no new or removed object. */
  readonly changeAlone?: true;
  /** Whether answers about what pods and gateways take read it. */
  readonly isReadInbound?: true;
  /** The answers that it changes; none for what counts only in a comparison. */
  readonly reaches: readonly Reach[];
}

/** A row of the table of what is not read. */
export interface UnreadKind {
  /** What is not read, such as a kind. */
  readonly what: string;
  /** What it may change. */
  readonly changes: string;
  /** What is not read of an object; undefined for an object of which everything is. */
  of(object: Manifest, known: Known): Unread | undefined;
}

/** The rows of kinds, by `group/kind`; the group of core kinds is empty. */
export type UnreadKinds = { readonly [groupKind: string]: readonly UnreadKind[] };
