import type { Caller } from '../diff/callers';
import type { NotJudged } from '../edge/not-judged';
import type { ExampleRequest } from '../proof/example-request';
import type { ServiceAccount } from '../simulator/access/caller';

/** A request that breaks an invariant, as the simulator confirms. */
export interface Witness {
  /** The request, or the connection. */
  readonly request: ExampleRequest | { readonly url: string };
  readonly caller: Caller;
  /** The service account of the caller. Undefined for that of its pods. */
  readonly as?: ServiceAccount;
  /** The arguments of `cdk8s-istio request` that send it, without the manifests. */
  readonly arguments: readonly string[];
  readonly outcome: string;
  /** Its way through the proxies, one line per step. */
  readonly explanation: readonly string[];
}

/** What is proven of an invariant. */
export interface Result {
  readonly name: string;
  readonly outcome: 'holds' | 'does not hold' | 'not decided';
  /** What is expected of all requests. */
  readonly expected: string;
  /** Why it is not decided. Empty for other outcomes. */
  readonly reasons: readonly string[];
  /** A request that breaks it; of an undecided invariant, one that may. */
  readonly witness?: Witness;
  /** What is not read and may change the answer. */
  readonly notJudged: readonly NotJudged[];
  /** The file and the line of it. */
  readonly file?: string;
  readonly line?: number;
}
