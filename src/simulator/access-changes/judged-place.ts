import type { AccessChange } from './access-change';
import type { PlaceComparison } from './compare-calls';
import type { Edge } from '../../edge/edge';
import type { Proxy } from '../../envoy/proxy';
import type { Translator } from '../../envoy/translator';

/** A mesh before or after a change. */
export interface Side {
  readonly translator: Translator;
  readonly edge: Edge;
}

/** The proxies at one place of both sides, and what their comparison stands for. */
export interface JudgedPlace extends Omit<PlaceComparison, 'changes'> {
  readonly before: Proxy;
  readonly after: Proxy;
  /** Whether the proxies enforce something else. */
  readonly differs: boolean;
}

/** What is found at one place. */
export interface FoundAt {
  readonly changes: readonly AccessChange[];
  readonly place: JudgedPlace;
}
