/** The part of a service that a policy is about. */
export interface PolicyLevel {
  readonly subset?: string;
  readonly port?: number;
}

/** Fields by their places in a `trafficPolicy`. */
export type PolicyFields = { readonly [field: string]: unknown };

/** What is stated for one level, no field twice. Kept as it was stated, since a map of the fields costs memory. */
export interface LevelPolicy {
  readonly level: PolicyLevel;
  readonly statements: readonly { readonly path: string; readonly fields: PolicyFields }[];
}

/** What is stated, by the key of its level. */
export type Policies = ReadonlyMap<string, LevelPolicy>;

export function levelKey({ subset, port }: PolicyLevel): string {
  return `${subset ?? ''}|${port ?? ''}`;
}

/** How messages name a level behind a field; nothing for the whole service. */
export function levelSuffix({ subset, port }: PolicyLevel): string {
  return (subset === undefined ? '' : ` of subset '${subset}'`) + (port === undefined ? '' : ` at port ${port}`);
}
