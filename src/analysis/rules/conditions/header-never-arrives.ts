import { httpConditions } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

/** Headers of one connection, which Envoy removes before it looks for a route. */
const OF_CONNECTION = new Set(['keep-alive', 'proxy-connection', 'transfer-encoding']);

export const rule = defineRule({
  id: 'header-never-arrives',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on a header is for a value that no request brings to the route',
  effect: 'Envoy removes the headers of a connection, and blanks at both ends of a value, before it looks for a route.',
  check(object, report, index) {
    for (const { field, kind, value, path } of httpConditions(object, index)) {
      if (field !== 'headers' || kind === 'regex') continue;
      const blank = kind === 'exact' ? value !== value.trim() : value !== value.trimStart();
      if (!blank) continue;
      report(path, `HTTP has no blanks at the ends of a header's value: '${value}' takes nothing`, `write '${value.trim()}'`);
    }
    object.spec?.http?.forEach((route, r) => route.match?.forEach(({ headers = {} }, m) => {
      for (const name of Object.keys(headers)) {
        if (!OF_CONNECTION.has(name.toLowerCase())) continue;
        report(`spec.http[${r}].match[${m}].headers[${JSON.stringify(name)}]`,
          `Envoy removes ${name}, a header of the connection, before it looks for a route: this match takes nothing`,
          'remove the condition');
      }
    }));
  },
});
