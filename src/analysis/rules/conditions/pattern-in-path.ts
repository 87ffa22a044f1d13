import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

/** A star, a parameter in braces, or a segment that begins with a colon. */
const PATTERN = /\*|\{[\w.*=-]*\}|(?<=\/):[A-Za-z]\w*/;

export const rule = defineRule({
  id: 'pattern-in-path',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A path condition looks like a pattern, but is compared letter by letter',
  effect: 'Envoy compares exact and prefix letter by letter. The route takes only a path with the star, colon or braces in it.',
  check(object, report, index) {
    for (const { kind, value, path } of conditionsOn('uri', object, index)) {
      const found = kind === 'regex' ? undefined : PATTERN.exec(value);
      // Of a path without a slash another rule tells.
      if (!found || !value.startsWith('/')) continue;
      const before = value.slice(0, found.index);
      const rest = value.slice(found.index + found[0].length);
      const isAtEnd = /^\**$/.test(rest) && before.endsWith('/');
      report(path, `'${value}' is compared letter by letter: '${found[0]}' stands for nothing else, so requests below `
        + `'${before}' do not match`,
      isAtEnd && found[0] === '*' ? `write prefix: ${before}` : `write a regex, such as '${before}[^/]+${rest === '' ? '' : '...'}'`);
    }
  },
});
