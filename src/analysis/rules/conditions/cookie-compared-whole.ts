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
    for (const { field, name, kind, value, path } of httpConditions(object, index)) {
      if (field !== 'headers' || name.toLowerCase() !== 'cookie' || kind !== 'exact' || value.includes(';')) continue;
      const regex = value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
      report(path, `all cookies of a request are in one header: this takes requests whose only cookie is '${value}'`,
        `write the regex '^(.*?;\\s*)?(${regex})(;.*)?$'`);
    }
  },
});
