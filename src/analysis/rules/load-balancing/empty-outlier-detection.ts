import { policyLevels } from '../../facts/policy-levels';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'empty-outlier-detection',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'An empty `outlierDetection` turns ejection on',
  effect: 'Envoy ejects an endpoint after five consecutive failures, by its own defaults.',
  check(object, report, index) {
    for (const { policy: { outlierDetection }, path } of policyLevels(object, index)) {
      if (!outlierDetection || Object.keys(outlierDetection).length > 0) continue;
      report(`${path}.outlierDetection`, '`outlierDetection: {}` ejects endpoints after five consecutive errors, by Envoy\'s defaults',
        'remove it if Envoy must not eject endpoints, or set what you want, such as consecutive5xxErrors');
    }
  },
});
