/** What sets a leaf of a CRD: a construct and its props, such as `ClientTls.tls.simple.sni`, and the props that select the level. */
export interface Prop {
  readonly prop: string;
  /** Additional props, such as `port`. */
  readonly with?: readonly string[];
}

/**
 * Why no prop sets a leaf, so it must be patched on the ApiObject. `obsolete` leaves do not count in the share: Istio replaced them
 * (`deprecated`), or istiod ignores or rejects them (`ignored`).
 */
export interface Reason {
  readonly reason: string;
  readonly obsolete?: 'deprecated' | 'ignored';
}

export type Claim = Prop | Reason;

/** Claims by leaf, or by the common prefix of several leaves. */
export interface Claims {
  readonly [leaf: string]: Claim;
}

export function isProp(claim: Claim): claim is Prop {
  return 'prop' in claim;
}

/** Several props of one construct, by leaf below a place. */
export function props(
  place: string,
  construct: string,
  fields: { readonly [leaf: string]: string },
  beside: readonly string[] = [],
): Claims {
  return Object.fromEntries(Object.entries(fields).map(([leaf, prop]) => [
    place === '' ? leaf : `${place}.${leaf}`, {
      prop: prop === '' ? construct : `${construct}.${prop}`,
      ...(beside.length > 0 ? { with: beside } : {}),
    },
  ]));
}

/** Leaves that no prop sets, with a common reason. */
export function reasons(place: string, leaves: readonly string[], reason: string, obsolete?: Reason['obsolete']): Claims {
  return Object.fromEntries(leaves.map(leaf => [place === '' ? leaf : `${place}.${leaf}`, { reason, obsolete }]));
}
