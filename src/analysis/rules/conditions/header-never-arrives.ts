import { connectionHeaderObjection, headerValueObjection } from '../../../traffic/condition-objection';
import { httpConditions } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'header-never-arrives',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on a header is for a value that no request brings to the route',
  effect: 'Envoy removes the headers of a connection, and blanks at both ends of a value, before it looks for a route.',
  check(object, report, index) {
    for (const condition of httpConditions(object, index)) {
      const [cause, repair] = (condition.field === 'headers' ? headerValueObjection(condition) : undefined) ?? [];
      if (cause !== undefined) report(condition.path, cause, repair!);
    }
    object.spec?.http?.forEach((route, r) => route.match?.forEach(({ headers = {} }, m) => {
      for (const name of Object.keys(headers)) {
        const [cause, repair] = connectionHeaderObjection(name) ?? [];
        if (cause !== undefined) report(`spec.http[${r}].match[${m}].headers[${JSON.stringify(name)}]`, cause, repair!);
      }
    }));
  },
});
