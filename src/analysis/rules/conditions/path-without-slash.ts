import { beginsWithoutSlash } from '../../../traffic/path-regex';
import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'path-without-slash',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A path condition does not begin with a slash',
  effect: 'The path of every request begins with a slash, so the route takes none. Without another route: 404, flag NR.',
  check(object, report, index) {
    for (const { kind, value, path } of conditionsOn('uri', object, index)) {
      const lacksSlash = kind === 'regex' ? beginsWithoutSlash(value)
        : (value !== '' || kind === 'exact') && !value.startsWith('/');
      if (!lacksSlash) continue;
      report(path, `'${value}' does not begin with '/', as every path does: this match takes nothing`,
        value === '*' ? 'write prefix: /' : `write '/${kind === 'regex' ? value.replace(/^\^/, '') : value}'`);
    }
  },
});
