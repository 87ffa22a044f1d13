import { globObjection } from '../../../traffic/condition-objection';
import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'regex-like-glob',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A regex is written as a glob',
  effect: 'In a regex, a star repeats the character before it. The route does not match the paths that the star seems to stand for.',
  check(object, report, index) {
    for (const condition of conditionsOn('uri', object, index)) {
      const [cause, repair] = globObjection(condition) ?? [];
      if (cause !== undefined) report(condition.path, cause, repair!);
    }
  },
});
