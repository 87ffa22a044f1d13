import { accessValues, isPathTemplate } from '../../facts/access-values';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'path-template-crashes-envoy',
  codes: [],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  title: 'A path template does not begin with a slash',
  effect:
    'istiod accepts the policy. Envoy ends with an error when it gets it: each proxy that the policy applies to, and again at each start.',
  check(object, report) {
    for (const { field, value, path } of accessValues(object)) {
      if ((field !== 'paths' && field !== 'notPaths') || !isPathTemplate(value) || value.startsWith('/')) continue;
      report(path, `'${value}' is a path template without a slash at its start, which ends each Envoy that gets it`, `write '/${value}'`);
    }
  },
});
