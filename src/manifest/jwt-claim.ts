const CLAIM = '@request.auth.claims';

/** Whether a header name of a match refers to a JWT claim: `@request.auth.claims.group` or `@request.auth.claims[group]`. */
export function isJwtClaim(name: string): boolean {
  if (!name.toLowerCase().startsWith(CLAIM)) return false;
  const rest = name.slice(CLAIM.length);
  return (rest.startsWith('.') && rest.length > 1) || (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2);
}
