import { policyLevels } from '../../facts/policy-levels';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'failover-without-outlier-detection',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  title: 'Failover between localities never happens without outlier detection',
  effect: 'Envoy finds no endpoint unhealthy, so nothing fails over.',
  check(object, report, index) {
    for (const { policy, path, above } of policyLevels(object, index)) {
      const setting = policy.loadBalancer?.localityLbSetting;
      if (!setting || setting.enabled === false || policy.outlierDetection || above?.outlierDetection) continue;
      const field = (['failover', 'failoverPriority'] as const).find(name => (setting[name] ?? []).length > 0);
      if (field === undefined) continue;
      report(`${path}.loadBalancer.localityLbSetting.${field}`,
        'traffic moves to another locality only when Envoy ejects endpoints, and nothing ejects any here',
        'add outlierDetection beside loadBalancer, such as consecutive5xxErrors: 5');
    }
  },
});
