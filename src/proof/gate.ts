import type { Condition } from './condition';
import type { Formula } from './formula';
import { constantOf, truthOf } from './formula';
import type { Requests } from './requests';

/** A reason to deny requests before they are routed. */
export interface Barrier {
  /** Which requests it denies. */
  readonly denies: Formula;
  /** Whose reason it is, such as `AuthorizationPolicy shop/readers`. */
  readonly of: readonly string[];
  /** Whether each of these requests is treated as another one that stands for it, so that it is left out, and not denied. */
  readonly leavesOut?: true;
  /** Whether it denies requests because of their token. */
  readonly isAboutTokens?: true;
}

/** Why a gate denies a sample. */
export interface Denial {
  /** Conditions of the sample; every request that meets them is denied. */
  readonly because: readonly Condition[];
  readonly of: readonly string[];
}

/** What the filters of a proxy deny before they route. */
export class Gate {
  constructor(private readonly barriers: readonly Barrier[]) {}

  public get isOpen(): boolean {
    return this.barriers.length === 0;
  }

  /** Whether every request is certainly denied. */
  public get deniesAll(): boolean {
    return this.barriers.some(({ denies }) => constantOf(denies) === true);
  }

  /** Whether the filters verify tokens. */
  public get verifiesTokens(): boolean {
    return this.barriers.some(({ isAboutTokens }) => isAboutTokens);
  }

  /** Why a sample may have a token that is not valid. Undefined if it has none, or a valid one. */
  public tokenDenial(requests: Requests): Denial | undefined {
    return denialBy(this.barriers.filter(({ isAboutTokens }) => isAboutTokens), requests, true);
  }

  /** Why a sample is certainly denied; with `possibly`, why that is not excluded. Undefined if it is let through. */
  public denial(requests: Requests, possibly: boolean): Denial | undefined {
    return denialBy(this.barriers, requests, possibly);
  }

  /** Conditions of a sample by which it is not denied; undefined if it is. With `possibly`, what may deny it counts as denying it. */
  public admission(requests: Requests, possibly: boolean): readonly Condition[] | undefined {
    const truths = this.denying.map(({ denies }) => truthOf(denies, requests, possibly));
    return truths.some(({ holds }) => holds) ? undefined : truths.flatMap(({ because }) => because);
  }

  /** Whose reasons may deny a sample, if none certainly does. */
  public doubts(requests: Requests): readonly string[] {
    return this.denying.filter(({ denies }) => truthOf(denies, requests, true).holds).flatMap(({ of }) => of);
  }

  private get denying(): readonly Barrier[] {
    return this.barriers.filter(({ leavesOut }) => !leavesOut);
  }
}

function denialBy(barriers: readonly Barrier[], requests: Requests, possibly: boolean): Denial | undefined {
  for (const { denies, of } of barriers) {
    const { holds, because } = truthOf(denies, requests, possibly);
    if (holds) return { because, of };
  }
  return undefined;
}

/** A gate that lets everything through. */
export const OPEN_GATE = new Gate([]);
