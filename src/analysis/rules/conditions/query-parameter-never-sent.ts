import { queryParameterObjection } from '../../../traffic/condition-objection';
import { httpConditions } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'query-parameter-never-sent',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on a query parameter has a character that no query has',
  effect: 'Envoy compares names and values as they are in the URL, with their codes, such as %20. The route takes nothing.',
  check(object, report, index) {
    const told = new Set<string>();
    for (const condition of httpConditions(object, index)) {
      const { field, name, path } = condition;
      const [cause, repair] = (field === 'queryParams' ? queryParameterObjection(name, condition) : undefined) ?? [];
      if (cause === undefined || told.has(path)) continue;
      told.add(path);
      report(path, cause, repair!);
    }
  },
});
