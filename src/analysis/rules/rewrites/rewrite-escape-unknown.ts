import { writtenSubstitution } from '../../../traffic/re2';
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
      const written = writtenSubstitution(rewrite);
      if (written === rewrite) return;
      const unknown = rewrite.slice(written.length, written.length + 2);
      report(`spec.http[${r}].rewrite.uriRegexRewrite.rewrite`, `'${unknown}' is neither a group nor '\\\\', so Envoy writes `
        + `${written === '' ? 'nothing' : `only '${written}'`} of '${rewrite}'`,
      unknown === '\\' ? 'remove the backslash' : `write '${unknown.slice(1)}' without the backslash, or '\\\\' for a backslash`);
    });
  },
});
