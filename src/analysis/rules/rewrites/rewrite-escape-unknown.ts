import { escapeObjection } from '../../../traffic/substitution-objection';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'rewrite-escape-unknown',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex rewrite has a backslash that RE2 does not know',
  effect: 'RE2 knows \\0 to \\9 and \\\\ in a rewrite. Envoy writes what is before any other backslash, and nothing after it.',
  check(object, report) {
    object.spec?.http?.forEach(({ rewrite: { uriRegexRewrite: { rewrite = '' } = {} } = {} }, r) => {
      const objection = escapeObjection(rewrite);
      if (objection) report(`spec.http[${r}].rewrite.uriRegexRewrite.rewrite`, ...objection);
    });
  },
});
