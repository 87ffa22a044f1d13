import type { IConstruct } from 'constructs';
import { AppState } from '../plan/collect/app-state';

/** The methods of a cdk8s App that synthesize it as a whole. */
const METHODS = ['synth', 'synthYaml'] as const;

type Root = { [method in typeof METHODS[number]]?: (...args: unknown[]) => unknown };

/** Makes every validation check the App again. */
const EACH_VALIDATION = 'CDK8S_ISTIO_CHECK_EACH_VALIDATION';

/**
 * Counts the synths of an App. `App.synth()` validates the whole App, and then once more for each of its charts, although nothing changes.
 * With a check only in the first validation, an App of 20 charts needs one analysis instead of 21. cdk8s does not announce the start of a
 * synth, so the methods of the App are wrapped. If they cannot be wrapped, or the environment variable CDK8S_ISTIO_CHECK_EACH_VALIDATION is
 * set, every validation checks the App.
 */
export class SynthRuns {
  /** The synths of the App that contains a construct. */
  public static of(scope: IConstruct): SynthRuns {
    return AppState.of(scope).one('synth runs', () => new SynthRuns(scope.node.root as Root));
  }

  private begun = 0;
  private depth = 0;

  private constructor(root: Root) {
    for (const method of METHODS) this.wrap(root, method);
  }

  /** The number of the current synth; undefined outside a synth. */
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
