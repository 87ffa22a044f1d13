import { defineRule } from '../../rule';

/** The number of capturing groups of a regex. */
function groupsOf(regex: string): number {
  const plain = regex.replace(/\\Q.*?(?:\\E|$)|\\./gs, '').replace(/\[\^?\]?[^\]]*\]/g, '');
  return [...plain.matchAll(/\((?!\?)|\(\?P?</g)].length;
}

export const rule = defineRule({
  id: 'rewrite-group-missing',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex rewrite names a group that its regex does not have',
  effect: 'RE2 writes groups as \\1. Envoy keeps the path as it is if there is no such group, and sends $1 as two characters.',
  check(object, report) {
    object.spec?.http?.forEach(({ rewrite: { uriRegexRewrite: { match = '', rewrite = '' } = {} } = {} }, r) => {
      const path = `spec.http[${r}].rewrite.uriRegexRewrite.rewrite`;
      const [dollar, digits, braced] = /\$(?:(\d)|\{(\d)\})/.exec(rewrite) ?? [];
      if (dollar !== undefined) {
        report(path, `'${dollar}' is not a group in RE2: Envoy sends it as it is written`, `write '\\${digits ?? braced}'`);
      }
      const groups = groupsOf(match);
      const missing = [...rewrite.matchAll(/\\(\\|\d)/g)].map(([, what]) => Number(what)).find(number => number > groups);
      if (missing === undefined) return;
      report(path, `'${match}' has ${groups === 0 ? 'no group' : `${groups} group${groups === 1 ? '' : 's'}`}, and '${rewrite}' names `
        + `\\${missing}: Envoy does not rewrite the path`, 'name a group that is there, or add it to the regex');
    });
  },
});
