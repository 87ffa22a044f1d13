import { normalizationProblem } from '../../../traffic/normalized-path';
import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'path-not-normalized',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A path condition is written as no normalized path is',
  effect: 'Envoy normalizes the path of each request before it compares it: dot segments, backslashes and codes. The route takes nothing.',
  check(object, report, index) {
    for (const { kind, value, path } of conditionsOn('uri', object, index)) {
      // Of a template in braces another rule tells.
      if (kind === 'regex' || /\{[\w-]*\}/.test(value)) continue;
      const [cause, repair] = normalizationProblem(value, kind === 'exact', index.meshConfig.pathNormalization?.normalization) ?? [];
      if (cause !== undefined) report(path, cause, repair!);
    }
  },
});
