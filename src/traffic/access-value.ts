import type { Objection } from './objection';

/** The fields that are compared as a whole, except for a star at the start or the end. */
const COMPARED: readonly string[] = [
  'principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals', 'hosts', 'notHosts', 'methods', 'notMethods', 'paths',
  'notPaths',
];
const SCHEME = 'spiffe://';

/** Why no request meets a value of a source or an operation, and the repair; undefined where one may. */
export function neverMet(field: string, value: string): Objection {
  if (!COMPARED.includes(field)) return undefined;
  const isPath = field === 'paths' || field === 'notPaths';
  if (isPath && isPathTemplate(value)) return undefined;
  // After a star at the start, any other star is a literal character.
  const rest = value.startsWith('*') ? value.slice(1) : value.replace(/\*$/, '');
  if (rest.includes('*')) {
    return ['has a star inside, which Istio compares literally: only a single star at the start or the end is a wildcard',
      isPath ? 'write {*} for a segment of the path' : 'write a star at the start or at the end, or each value in full'];
  }
  if (isPath && !/^[/*]/.test(value)) return ['does not start with a slash, as every path does', `write '/${value}'`];
  if (/^(?:m|notM)ethods$/.test(field) && /^[a-z]+$/.test(value)) {
    return ['is in lower case, and methods are case-sensitive', `write '${value.toUpperCase()}'`];
  }
  if (/^(?:p|notP)rincipals$/.test(field) && value.startsWith(SCHEME)) {
    return [`begins with ${SCHEME}, which Istio adds itself`, `write '${value.slice(SCHEME.length)}'`];
  }
  return undefined;
}

/** Whether a path has a segment that is a template, so that Envoy compares it segment by segment. */
export function isPathTemplate(path: string): boolean {
  return path.includes('{*}') || path.includes('{**}');
}

/** What is wrong with a path template that does not start with a slash: Envoy crashes. */
export function templateCrashProblem(path: string): Objection {
  if (!isPathTemplate(path) || path.startsWith('/')) return undefined;
  return [`'${path}' is a path template that does not start with a slash, which crashes each Envoy that receives it`, `write '/${path}'`];
}
