import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** Whether a pattern of a policy takes a namespace; a `*` may be at either end. */
function isMeant(name: string, pattern: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name.toLowerCase() === pattern.toLowerCase();
}

function knownPatterns(): Map<string, boolean> {
  return new Map();
}

function takesAny(pattern: string, index: TrafficIndex): boolean {
  const known = index.memo(knownPatterns);
  const takes = known.get(pattern) ?? index.of('Namespace').some(({ metadata }) => isMeant(metadata.name, pattern));
  known.set(pattern, takes);
  return takes;
}

export const rule = defineRule({
  id: 'unknown-policy-namespace',
  codes: ['IST0101', 'KIA0101'],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  needs: ['Namespace'],
  title: 'An AuthorizationPolicy names callers of a namespace that does not exist',
  effect: 'Its RBAC filter compares the caller\'s identity with a namespace that no caller is in: the entry allows or denies no caller.',
  check(object, report, index) {
    object.spec?.rules?.forEach(({ from = [] }, r) => from.forEach(({ source = {} }, f) => (['namespaces',
      'notNamespaces'] as const).forEach(field => (
      source[field]?.forEach((name, n) => {
        if (takesAny(name, index)) return;
        report(`spec.rules[${r}].from[${f}].source.${field}[${n}]`, `namespace '${name}' does not exist, so this entry matches no caller`,
          'correct the name, or add the Namespace', { absent: { kind: 'Namespace' } });
      })))));
  },
});
