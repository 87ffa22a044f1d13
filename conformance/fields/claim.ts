/** What sets a leaf of a CRD: a construct and its props, such as `ClientTls.tls.simple.sni`, and the props that put it on that level. */
export interface Prop {
  readonly prop: string;
  /** Props beside it, such as `port`. */
  readonly with?: readonly string[];
}

/**
 * Why no prop sets a leaf, so that it is left to the ApiObject. `obsolete` leaves are no part of the share: Istio replaced them (`deprecated`), or istiod
 * takes no notice of them, or rejects them (`ignored`).
 */
export interface Reason {
  readonly reason: string;
  readonly obsolete?: 'deprecated' | 'ignored';
}

export type Claim = Prop | Reason;

/** Claims by leaf, or by the beginning of several leaves. */
export interface Claims {
  readonly [leaf: string]: Claim;
}

export function isProp(claim: Claim): claim is Prop {
  return 'prop' in claim;
}

/** Several props of one construct, by leaf below a place. */
export function props(place: string, construct: string, fields: { readonly [leaf: string]: string }, beside: readonly string[] = []): Claims {
  return Object.fromEntries(Object.entries(fields).map(([leaf, prop]) => [
    place === '' ? leaf : `${place}.${leaf}`, { prop: prop === '' ? construct : `${construct}.${prop}`, ...(beside.length > 0 ? { with: beside } : {}) },
  ]));
}

/** Leaves that no prop sets, for one reason. */
export function reasons(place: string, leaves: readonly string[], reason: string, obsolete?: Reason['obsolete']): Claims {
  return Object.fromEntries(leaves.map(leaf => [place === '' ? leaf : `${place}.${leaf}`, { reason, obsolete }]));
}
