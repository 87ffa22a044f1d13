/** The claims of a token. */
export interface Claims { readonly [claim: string]: unknown }

/** The token of a request: its claims; `none` without one; `invalid` for one whose signature does not hold. */
export type Token = Claims | 'none' | 'unknown' | 'invalid';
