import { accessValues, isPathTemplate } from '../../facts/access-values';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'path-template-crashes-envoy',
  codes: [],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  title: 'A path template does not begin with a slash',
  effect:
    'istiod accepts the policy. Each Envoy that the policy applies to crashes when it receives it, and again at each start.',
  check(object, report) {
    for (const { field, value, path } of accessValues(object)) {
      if ((field !== 'paths' && field !== 'notPaths') || !isPathTemplate(value) || value.startsWith('/')) continue;
      report(path, `'${value}' is a path template that does not start with a slash, which crashes each Envoy that receives it`, `write '/${value}'`);
    }
  },
});
