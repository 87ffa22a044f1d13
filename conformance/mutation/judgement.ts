/**
 * The result of a mistake: `noticed` in the part that is compared with istiod; `beside` it only, for example in notes; `idle` if no answer
 * differs; `unreached` if no question reaches its place.
 */
export type Verdict = 'noticed' | 'beside' | 'idle' | 'unreached';

/** A mistake and its result, with the first question that shows it. */
export interface Trial {
  readonly mistake: string;
  readonly text: string;
  readonly verdict: Verdict;
  readonly by?: string;
}

/** The results of the mistakes in one function. */
export interface Judgement {
  /** The function, qualified with its class or constant: `Translator.sidecar`. */
  readonly where: string;
  readonly trials: readonly Trial[];
}

/** Whether the fuzzer notices mistakes in a function. */
export function isGuarded({ trials }: Judgement): boolean {
  return trials.some(({ verdict }) => verdict === 'noticed');
}
