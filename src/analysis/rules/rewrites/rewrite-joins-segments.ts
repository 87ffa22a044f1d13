import { onePerField, replacedPrefixes } from '../../facts/replaced-prefixes';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'rewrite-joins-segments',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A rewrite takes the slash away between two segments of the path',
  effect: 'Envoy replaces the prefix with its slash, and appends what follows at once: the two segments become one.',
  check(object, report) {
    const joining = replacedPrefixes(object).filter(({ prefix, by }) => prefix.endsWith('/') && !by.endsWith('/') && !/[?=]/.test(by));
    for (const { prefix, by, path } of onePerField(joining)) {
      report(path, `Envoy replaces '${prefix}' with its slash: '${prefix}api' becomes '${by}api'`, `write '${by}/'`);
    }
  },
});
