import { needsQuery } from '../../../traffic/path-regex';
import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'query-in-path',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A path condition has a query or a fragment',
  effect: 'Envoy compares the path without its query, and refuses a path with a fragment. The route takes nothing.',
  check(object, report, index) {
    for (const { kind, value, path } of conditionsOn('uri', object, index)) {
      const at = kind === 'regex' ? (needsQuery(value) ? '?' : undefined) : /[?#]/.exec(value)?.[0];
      if (at === undefined) continue;
      const [part, repair] = at === '?' ? ['the query', 'compare the path alone, and the parameters in queryParams']
        : ['a fragment', 'remove the fragment, which clients do not send'];
      report(path, `'${value}' has a '${at}', and Envoy compares the path without ${part}: this match takes nothing`, repair);
    }
  },
});
