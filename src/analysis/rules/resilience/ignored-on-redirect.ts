import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ignored-on-redirect',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A redirect or direct response has settings for forwarded requests',
  effect: 'Envoy answers by itself. Settings for forwarded requests are not in its configuration.',
  check(object, report) {
    object.spec?.http?.forEach((route, r) => {
      if (!route.redirect && !route.directResponse) return;
      for (const field of ['timeout', 'retries', 'mirror', 'mirrors'] as const) {
        if (route[field] === undefined) continue;
        report(`spec.http[${r}].${field}`, `Envoy answers a ${route.redirect ? 'redirect' : 'direct response'} by itself, so \`${field}\` `
          + 'has no effect', `remove \`${field}\`, or send to a destination`);
      }
    });
  },
});
