/** The level of a policy: a subset, a port, both, or the whole service. */
export interface PolicyLevel {
  readonly subset?: string;
  readonly port?: number;
}

/** Fields by their place in a `trafficPolicy`. */
export type PolicyFields = { readonly [field: string]: unknown };

/** The policies of one level, no field twice. Stored per statement, because a map of the fields costs memory. */
export interface LevelPolicy {
  readonly level: PolicyLevel;
  readonly statements: readonly { readonly path: string; readonly fields: PolicyFields }[];
}

/** The policies by the key of their level. */
export type Policies = ReadonlyMap<string, LevelPolicy>;

export function levelKey({ subset, port }: PolicyLevel): string {
  return `${subset ?? ''}|${port ?? ''}`;
}

/** The name of a level after a field in messages; empty for the whole service. */
export function levelSuffix({ subset, port }: PolicyLevel): string {
  return (subset === undefined ? '' : ` of subset '${subset}'`) + (port === undefined ? '' : ` at port ${port}`);
}
