/** A known difference, and its reason. */
export interface Explanation {
  readonly of: RegExp;
  readonly reason: string;
}

/** The differences that nothing explains; of a whole run, the explanations that nothing needs as well. */
export function unexplained(differences: readonly string[], explanations: readonly Explanation[], isWhole: boolean): string[] {
  const idle = isWhole ? explanations.filter(({ of }) => !differences.some(difference => of.test(difference))) : [];
  return [
    ...differences.filter(difference => !explanations.some(({ of }) => of.test(difference))),
    ...idle.map(({ of, reason }) => `the explanation ${of.source} (${reason}) is not needed; remove it`),
  ];
}
