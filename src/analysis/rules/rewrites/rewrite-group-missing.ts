import { dollarObjection, groupObjection } from '../../../traffic/substitution-objection';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'rewrite-group-missing',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex rewrite names a group that its regex does not have',
  effect: 'RE2 writes groups as \\1. Envoy keeps the path as it is if there is no such group, and sends $1 as two characters.',
  check(object, report) {
    object.spec?.http?.forEach(({ rewrite: { uriRegexRewrite: { match = '', rewrite = '' } = {} } = {} }, r) => {
      for (const objection of [dollarObjection(rewrite), groupObjection(match, rewrite)]) {
        if (objection) report(`spec.http[${r}].rewrite.uriRegexRewrite.rewrite`, ...objection);
      }
    });
  },
});
