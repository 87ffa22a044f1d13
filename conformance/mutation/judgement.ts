/**
 * What became of a mistake: `noticed` in what is compared with istiod; `beside` it only, in notes and the like; `idle` where no answer differs;
 * `unreached` where no question comes to its place.
 */
export type Verdict = 'noticed' | 'beside' | 'idle' | 'unreached';

/** A mistake and what became of it, with the first question that shows it. */
export interface Trial {
  readonly mistake: string;
  readonly text: string;
  readonly verdict: Verdict;
  readonly by?: string;
}

/** What the mistakes in one function came to. */
export interface Judgement {
  /** The function, below its class or constant: `Translator.sidecar`. */
  readonly where: string;
  readonly trials: readonly Trial[];
}

/** Whether the fuzzer notices when a function goes wrong. */
export function isGuarded({ trials }: Judgement): boolean {
  return trials.some(({ verdict }) => verdict === 'noticed');
}
