import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'query-in-rewrite',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A rewritten path has a query of its own',
  effect: 'Envoy appends the rest of the path and the query of the request after it, so that the path has two question marks.',
  check(object, report) {
    object.spec?.http?.forEach(({ rewrite, redirect }, r) => {
      const [field, value] = rewrite?.uri ? ['rewrite.uri', rewrite.uri] : ['redirect.prefixRewrite', redirect?.prefixRewrite ?? ''];
      if (!value.includes('?')) return;
      report(`spec.http[${r}].${field}`,
        `Envoy appends what follows the prefix, and the query of the request: '?a=b' makes it '${value}?a=b'`,
        'rewrite the path alone, and let callers send the parameter');
    });
  },
});
