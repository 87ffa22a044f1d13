const CLAIM = '@request.auth.claims';

/** Whether a header name of a match refers to a JWT claim: `@request.auth.claims.group` or `@request.auth.claims[group]`. */
export function isJwtClaim(name: string): boolean {
  if (!name.toLowerCase().startsWith(CLAIM)) return false;
  const rest = name.slice(CLAIM.length);
  return (rest.startsWith('.') && rest.length > 1) || (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2);
}

/** A claim by its names from the outside in, as one name: `group`, or `[group][id]`. */
export function claimName(names: readonly string[]): string {
  return names.length === 1 && !names[0].startsWith('[') ? names[0] : names.map(name => `[${name}]`).join('');
}

/** The header name that refers to a claim, which istiod knows. */
export function claimHeader(name: string): string {
  return `${CLAIM}${name.startsWith('[') ? name : `[${name}]`}`;
}

/** The nested names of the claim that a header name refers to, split as istiod splits them. The name must be one of `isJwtClaim`. */
export function claimNames(name: string): readonly string[] {
  const rest = name.slice(CLAIM.length);
  return rest.startsWith('.') ? rest.slice(1).split('.') : rest.slice(1, -1).split('][');
}
