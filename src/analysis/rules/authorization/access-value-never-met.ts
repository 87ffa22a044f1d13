import { neverMet } from '../../../traffic/access-value';
import { accessValues } from '../../facts/access-values';
import { defineRule } from '../../rule';

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
      const [cause, repair] = neverMet(one.field, one.value) ?? [];
      if (cause !== undefined) report(one.path, `'${one.value}' ${cause}, so no request has it`, repair!);
    }
  },
});
