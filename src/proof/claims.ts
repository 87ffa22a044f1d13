/** The field of a claim of the token, by its names from the outside in. */
export function claimField(names: readonly string[]): `claim ${string}` {
  return `claim ${JSON.stringify(names)}`;
}

/** The names of a claim, from the name of its field. */
export function claimNames(name: string): readonly string[] {
  return JSON.parse(name) as readonly string[];
}

/** The claim that every token has. */
export const ISSUER = claimField(['iss']);

/** The claims of which Envoy requires that they are strings. */
export const STRING_CLAIMS: ReadonlySet<string> = new Set(['iss', 'sub', 'jti']);
/** The claims of which Envoy requires that they are times, in seconds. */
export const TIME_CLAIMS: ReadonlySet<string> = new Set(['exp', 'nbf', 'iat']);
