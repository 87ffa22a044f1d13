import { wholeCookieObjection } from '../../../traffic/condition-objection';
import { httpConditions } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'cookie-compared-whole',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition takes one cookie for the whole Cookie header',
  effect: 'All cookies of a request are in one header. The route takes only requests without any other cookie.',
  check(object, report, index) {
    for (const condition of httpConditions(object, index)) {
      const { field, name, path } = condition;
      const [cause, repair] = (field === 'headers' ? wholeCookieObjection(name, condition) : undefined) ?? [];
      if (cause !== undefined) report(path, cause, repair!);
    }
  },
});
