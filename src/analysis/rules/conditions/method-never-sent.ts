import { methodObjection } from '../../../traffic/condition-objection';
import { httpConditions, isAbout } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'method-never-sent',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on the method is not in upper case',
  effect: 'Methods are compared with their case, and Envoy refuses methods in lower case of HTTP/1.1 with 400. The route takes nothing.',
  check(object, report, index) {
    for (const condition of httpConditions(object, index)) {
      const [cause, repair] = (isAbout('method', condition) ? methodObjection(condition) : undefined) ?? [];
      if (cause !== undefined) report(condition.path, cause, repair!);
    }
  },
});
