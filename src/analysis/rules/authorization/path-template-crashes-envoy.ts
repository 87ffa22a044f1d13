import { templateCrashProblem } from '../../../traffic/access-value';
import { accessValues } from '../../facts/access-values';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'path-template-crashes-envoy',
  codes: [],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  title: 'A path template does not begin with a slash',
  effect:
    'istiod accepts the policy. Every Envoy to which the policy applies crashes when it receives it, and again at every start.',
  check(object, report) {
    for (const { field, value, path } of accessValues(object)) {
      const objection = field === 'paths' || field === 'notPaths' ? templateCrashProblem(value) : undefined;
      if (objection) report(path, ...objection);
    }
  },
});
