import type { AccessValue } from '../../facts/access-values';
import { accessValues, isPathTemplate } from '../../facts/access-values';
import { defineRule } from '../../rule';

/** The fields that are compared as a whole, except for a star at the start or the end. */
const COMPARED: readonly AccessValue['field'][] = [
  'principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals', 'hosts', 'notHosts', 'methods', 'notMethods', 'paths',
  'notPaths',
];
const SCHEME = 'spiffe://';

/** Why no request meets a value, and the repair; undefined where one may. */
function objectionTo({ field, value }: AccessValue): readonly [cause: string, repair: string] | undefined {
  if (!COMPARED.includes(field)) return undefined;
  const isPath = field === 'paths' || field === 'notPaths';
  if (isPath && isPathTemplate(value)) return undefined;
  // A star at the start makes another one a character like any other.
  const rest = value.startsWith('*') ? value.slice(1) : value.replace(/\*$/, '');
  if (rest.includes('*')) {
    return ['has a star inside, which Istio compares as a character: only one star at the start or at the end is a wildcard',
      isPath ? 'write {*} for a segment of the path' : 'write a star at the start or at the end, or each value in full'];
  }
  if (isPath && !/^[/*]/.test(value)) return ['does not start with a slash, as every path does', `write '/${value}'`];
  if (/^(?:m|notM)ethods$/.test(field) && /^[a-z]+$/.test(value)) {
    return ['is in lower case, and methods are compared as they are', `write '${value.toUpperCase()}'`];
  }
  if (/^(?:p|notP)rincipals$/.test(field) && value.startsWith(SCHEME)) {
    return [`begins with ${SCHEME}, which Istio adds itself`, `write '${value.slice(SCHEME.length)}'`];
  }
  return undefined;
}

export const rule = defineRule({
  id: 'access-value-never-met',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  title: 'An AuthorizationPolicy compares with a value that no request has',
  effect:
    'ALLOW lets no request in by the value, and DENY denies nothing by it. In a field that begins with not, the value excludes nothing.',
  check(object, report) {
    for (const one of accessValues(object)) {
      const [cause, repair] = objectionTo(one) ?? [];
      if (cause !== undefined) report(one.path, `'${one.value}' ${cause}, so no request has it`, repair!);
    }
  },
});
