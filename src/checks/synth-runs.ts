import type { IConstruct } from 'constructs';
import { AppState } from '../plan/collect/app-state';

/** What of an App of cdk8s synthesizes it as a whole. */
const METHODS = ['synth', 'synthYaml'] as const;

type Root = { [method in typeof METHODS[number]]?: (...args: unknown[]) => unknown };

/** Judges an App in every validation, for whoever doubts that once is enough. */
const EACH_VALIDATION = 'CDK8S_ISTIO_CHECK_EACH_VALIDATION';

/**
 * Counts the synths of an App. `App.synth()` validates the whole App, and then once more for each of its charts, although nothing has changed:
 * judging it in the first of these validations alone takes an App of 20 charts one analysis instead of 21. Nobody is told by cdk8s that a synth
 * begins, so that the App's own methods are wrapped. An App whose methods cannot be wrapped is judged in every validation, and so is every App
 * where the environment variable CDK8S_ISTIO_CHECK_EACH_VALIDATION is set.
 */
export class SynthRuns {
  /** Those of the App that a construct is in. */
  public static of(scope: IConstruct): SynthRuns {
    return AppState.of(scope).one('synth runs', () => new SynthRuns(scope.node.root as Root));
  }

  private begun = 0;
  private depth = 0;

  private constructor(root: Root) {
    for (const method of METHODS) this.wrap(root, method);
  }

  /** The number of the synth that is under way; undefined where none is. */
  public get current(): number | undefined {
    return this.depth === 0 || process.env[EACH_VALIDATION] ? undefined : this.begun;
  }

  private wrap(root: Root, method: typeof METHODS[number]): void {
    const own = root[method];
    if (own === undefined || Object.getOwnPropertyDescriptor(root, method)?.writable === false) return;
    root[method] = (...args) => {
      if (this.depth++ === 0) this.begun++;
      try {
        return own.apply(root, args);
      } finally {
        this.depth--;
      }
    };
  }
}
