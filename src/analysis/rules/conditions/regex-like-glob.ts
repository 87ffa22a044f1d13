import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

/** A star after a slash, at the end or before the next slash. */
const STAR_SEGMENT = /\/\*(?=\/|$)/;
/** A star after a letter or digit at the end of a regex that has no other sign of a regex. */
const STAR_AT_END = /^\^?[\w/.-]*[\w-]\*$/;

export const rule = defineRule({
  id: 'regex-like-glob',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex is written as a glob',
  effect: 'In a regex, a star repeats the character before it. The route does not match the paths that the star seems to stand for.',
  check(object, report, index) {
    for (const { kind, value, path } of conditionsOn('uri', object, index)) {
      if (kind !== 'regex' || !(STAR_SEGMENT.test(value) || STAR_AT_END.test(value))) continue;
      const at = value.search(STAR_SEGMENT) + 1 || value.length - 1;
      const before = value.slice(0, at).replace(/^\^/, '');
      report(path, `in the regex '${value}', '*' repeats the '${value[at - 1]}' before it, so that '${before}items' does not match`,
        at === value.length - 1 ? `write prefix: ${before}` : `write '[^/]+' for a segment: '${value.replace(/\/\*(?=\/|$)/g, '/[^/]+')}'`);
    }
  },
});
