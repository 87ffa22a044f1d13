import { patternInPathObjection } from '../../../traffic/condition-objection';
import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'pattern-in-path',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A path condition looks like a pattern, but is compared letter by letter',
  effect: 'Envoy compares exact and prefix letter by letter. The route takes only a path with the star, colon or braces in it.',
  check(object, report, index) {
    for (const condition of conditionsOn('uri', object, index)) {
      const [cause, repair] = patternInPathObjection(condition) ?? [];
      if (cause !== undefined) report(condition.path, cause, repair!);
    }
  },
});
