import { isCovered } from '../../../manifest/covered-terms';
import { onePerField, replacedPrefixes } from '../../facts/replaced-prefixes';
import { placedTerms } from '../../placed-terms';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'rewrite-doubles-slash',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A rewrite puts a path with a slash at its end before the slash that follows the prefix',
  effect: 'Envoy replaces the prefix alone, and keeps the slash after it. The path has two slashes, for which many servers answer 404.',
  check(object, report, index) {
    const doubling = replacedPrefixes(object).filter(({ prefix, by, matchPath }) => {
      if (!by.endsWith('/') || prefix.endsWith('/')) return false;
      // A match that takes the prefix with its slash first leaves nothing to this one that has a slash there.
      const terms = placedTerms(object, index);
      const own = terms.findIndex(({ path }) => matchPath?.startsWith(`${path}.`));
      const term = { ...terms[own]?.term, uri: { prefix: `${prefix}/` } };
      return !terms.slice(0, Math.max(own, 0)).some(earlier => isCovered(term, earlier.term));
    });
    for (const { prefix, by, path } of onePerField(doubling)) {
      const without = by.slice(0, -1);
      report(path, `Envoy replaces '${prefix}' and keeps what follows: '${prefix}/api' becomes '${by}/api'`, without === ''
        ? `match two prefixes, '${prefix}/' first with this rewrite, then exact '${prefix}'`
        : `write '${without}', or match the prefix '${prefix}/'`);
    }
  },
});
