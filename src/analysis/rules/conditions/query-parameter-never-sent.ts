import { httpConditions } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

/** Characters that are not in a query, or that end a parameter or begin the fragment. */
const IN_NO_VALUE = /[&#]|[^\x21-\x7e]/u;
const IN_NO_NAME = /[=&#]|[^\x21-\x7e]/u;

export const rule = defineRule({
  id: 'query-parameter-never-sent',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on a query parameter has a character that no query has',
  effect: 'Envoy compares names and values as they are in the URL, with their codes, such as %20. The route takes nothing.',
  check(object, report, index) {
    const told = new Set<string>();
    for (const { field, name, kind, value, path } of httpConditions(object, index)) {
      if (field !== 'queryParams') continue;
      const inName = IN_NO_NAME.exec(name)?.[0] ?? (name.startsWith('?') ? '?' : undefined);
      const found = inName ?? (kind === 'regex' ? undefined : IN_NO_VALUE.exec(value)?.[0]);
      if (found === undefined || told.has(path)) continue;
      told.add(path);
      const what = inName === undefined ? `value '${value}'` : `parameter '${name}'`;
      report(path, `Envoy compares the query as the URL writes it, where ${found === '?' ? 'a name does not begin with' : 'there is no'} `
        + `'${found}' in a ${inName === undefined ? 'value' : 'name'}: the ${what} is never sent`,
      found === '?' ? 'remove the question mark' : `write its code, '${encodeURIComponent(found)}'`);
    }
  },
});
