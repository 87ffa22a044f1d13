/** A known difference, and its reason. */
export interface Explanation {
  readonly of: RegExp;
  readonly reason: string;
}

/** The unexplained differences. In a full run, also the unneeded explanations. */
export function unexplained(differences: readonly string[], explanations: readonly Explanation[], isWhole: boolean): string[] {
  const idle = isWhole ? explanations.filter(({ of }) => !differences.some(difference => of.test(difference))) : [];
  return [
    ...differences.filter(difference => !explanations.some(({ of }) => of.test(difference))),
    ...idle.map(({ of, reason }) => `the explanation ${of.source} (${reason}) is unneeded; remove it`),
  ];
}
