import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'rewrite-without-slash',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A rewritten path does not begin with a slash',
  effect: 'Envoy sends the path as it is rewritten. Servers answer a path without a slash at its beginning with 400.',
  check(object, report) {
    object.spec?.http?.forEach(({ rewrite: { uri, uriRegexRewrite: { match = '', rewrite = '' } = {} } = {} }, r) => {
      if (uri && !uri.startsWith('/')) {
        report(`spec.http[${r}].rewrite.uri`, `'${uri}' does not begin with '/', and no path without it is valid`, `write '/${uri}'`);
      }
      // Only a match of the beginning replaces the slash there.
      if (/^\^\/[^|]*$/.test(match) && /^[A-Za-z0-9]/.test(rewrite)) {
        report(`spec.http[${r}].rewrite.uriRegexRewrite.rewrite`,
          `'${match}' takes the slash at the beginning of the path, and '${rewrite}' does not put one there`, `write '/${rewrite}'`);
      }
    });
  },
});
