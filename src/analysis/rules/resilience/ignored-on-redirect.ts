import type { HTTPRoute } from '../../../manifest/istio-specs.generated';
import { defineRule } from '../../rule';

const FORWARDED = ['timeout', 'retries', 'mirror', 'mirrors', 'mirrorPercent', 'mirrorPercentage'] as const;

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
      const stated = FORWARDED.filter(field => route[field] !== undefined);
      for (const field of [...stated, ...changesRequest(route) ? ['headers.request'] : []]) {
        report(`spec.http[${r}].${field}`, `Envoy answers a ${route.redirect ? 'redirect' : 'direct response'} by itself, so \`${field}\` `
          + 'has no effect', `remove \`${field}\`, or send to a destination`);
      }
    });
  },
});

function changesRequest({ headers: { request: { set = {}, add = {}, remove = [] } = {} } = {} }: HTTPRoute): boolean {
  return Object.keys(set).length + Object.keys(add).length + remove.length > 0;
}
