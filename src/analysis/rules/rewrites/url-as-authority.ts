import { defineRule } from '../../rule';

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;

export const rule = defineRule({
  id: 'url-as-authority',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A rewrite or redirect has a URL where a host or a path belongs',
  effect: 'Envoy puts the text where the field says, without reading it: a Host header with a scheme, or a Location with two.',
  check(object, report) {
    object.spec?.http?.forEach(({ rewrite, redirect }, r) => {
      for (const [field, stated] of [['rewrite', rewrite?.authority], ['redirect', redirect?.authority]] as const) {
        if (!stated?.includes('/')) continue;
        const host = stated.replace(SCHEME, '').split('/')[0];
        const [sent, rest] = field === 'rewrite' ? ['it as the Host header', '']
          : [`callers to 'http://${stated}'`, ', and the rest in scheme and uri'];
        report(`spec.http[${r}].${field}.authority`, `'${stated}' is not a host: Envoy sends ${sent}`, `write '${host}'${rest}`);
      }
      for (const field of ['uri', 'prefixRewrite'] as const) {
        const stated = redirect?.[field] ?? '';
        if (!SCHEME.test(stated)) continue;
        report(`spec.http[${r}].redirect.${field}`, `'${stated}' is taken for a path: callers are sent to 'http://host/${stated}'`,
          'write scheme, authority and uri');
      }
    });
  },
});
