import { defineRule } from '../../rule';

/** The literal text with which all that a regex matches begins, from the beginning of the path; empty where that is not known. */
function literalStart(regex: string): string {
  const [, text = '', next] = /^\^((?:[\w/-]|\\[./-])+)(.?)/.exec(regex) ?? [];
  if (regex.includes('|')) return '';
  const plain = text.replace(/\\/g, '');
  return next === undefined || !'?*{'.includes(next) || next === '' ? plain : plain.slice(0, -1);
}

export const rule = defineRule({
  id: 'rewrite-never-applies',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex rewrite does not match the paths of its route',
  effect: 'Envoy sends the path as it came.',
  check(object, report) {
    object.spec?.http?.forEach(({ match: matches = [], rewrite: { uriRegexRewrite: { match: regex = '' } = {} } = {} }, r) => {
      const start = literalStart(regex);
      if (start === '' || matches.length === 0) return;
      const isApart = matches.every(({ uri, ignoreUriCase }) => {
        if (ignoreUriCase || !uri) return false;
        if (uri.exact !== undefined) return !uri.exact.startsWith(start);
        return uri.prefix !== undefined && !uri.prefix.startsWith(start) && !start.startsWith(uri.prefix);
      });
      if (!isApart) return;
      const paths = [...new Set(matches.map(({ uri = {} }) => `'${uri.exact ?? uri.prefix}'`))].join(', ');
      report(`spec.http[${r}].rewrite.uriRegexRewrite.match`,
        `the paths of this route begin with ${paths}, and '${regex}' with '${start}': nothing is rewritten`,
        'correct the regex or the match');
    });
  },
});
