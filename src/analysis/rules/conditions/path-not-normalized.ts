import { normalizationProblem } from '../../../traffic/normalized-path';
import { conditionsOn } from '../../facts/http-conditions';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'path-not-normalized',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A condition on a path is not normalized',
  effect: 'Envoy normalizes dot segments, backslashes and percent-encoding in the path of each request before it compares it. The route takes nothing.',
  check(object, report, index) {
    for (const { kind, value, path } of conditionsOn('uri', object, index)) {
      // Of a template in braces another rule tells.
      if (kind === 'regex' || /\{[\w-]*\}/.test(value)) continue;
      const [cause, repair] = normalizationProblem(value, kind === 'exact', index.meshConfig.pathNormalization?.normalization) ?? [];
      if (cause !== undefined) report(path, cause, repair!);
    }
  },
});
