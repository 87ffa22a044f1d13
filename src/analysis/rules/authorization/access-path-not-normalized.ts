import { isPathTemplate } from '../../../traffic/access-value';
import { normalizationProblem } from '../../../traffic/normalized-path';
import { accessValues } from '../../facts/access-values';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'access-path-not-normalized',
  codes: [],
  severity: 'warning',
  subjects: ['AuthorizationPolicy'],
  title: 'A path of an AuthorizationPolicy is not normalized',
  effect: 'Envoy normalizes dot segments, backslashes and percent-encoding in the path of each request before it compares it. ALLOW lets no '
    + 'request in by this path, and DENY denies none.',
  check(object, report, { meshConfig }) {
    for (const { field, value, path } of accessValues(object)) {
      if ((field !== 'paths' && field !== 'notPaths') || isPathTemplate(value)) continue;
      const bare = value.replace(/^\*|\*$/g, '');
      const [cause, repair] = normalizationProblem(bare, !value.endsWith('*'), meshConfig.pathNormalization?.normalization) ?? [];
      if (cause !== undefined) report(path, cause, repair!);
    }
  },
});
