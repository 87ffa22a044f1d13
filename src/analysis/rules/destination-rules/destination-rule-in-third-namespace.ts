import { homesOf } from '../../facts/host-homes';
import { hostPolicyOf } from '../../facts/host-policies';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'destination-rule-in-third-namespace',
  codes: [],
  severity: 'warning',
  subjects: ['DestinationRule'],
  needs: ['Service'],
  title: 'A DestinationRule is in a namespace where the callers that it is for do not look',
  effect: 'No cluster has the policy: istiod looks in the namespace of the caller, in that of the service, and in the root namespace.',
  check(object, report, index) {
    const policy = hostPolicyOf(object, index);
    if (!policy) return;
    const { rootNamespace } = index.meshConfig;
    const { host, namespace, exportTo } = policy;
    const homes = homesOf(host, index);
    if (homes.size === 0 || homes.has(namespace) || namespace === rootNamespace) return;
    const isForOthers = exportTo.some(scope => scope !== '.' && scope !== namespace);
    const hasCallers = index.workloads.all.length === 0 || index.workloads.in(namespace).length > 0;
    if (!isForOthers && (exportTo.length > 0 || hasCallers)) return;
    const [home] = homes;
    const finders = hasCallers
      ? `only callers in '${namespace}' find this one, whatever its exportTo`
      : `no caller finds this one in '${namespace}', where no workload runs`;
    report(isForOthers ? 'spec.exportTo' : 'metadata.namespace',
      `callers look for DestinationRules in their own namespace, in '${home}' where the service is, and in '${rootNamespace}'; ${finders}`,
      `move it to namespace '${home}'`);
  },
});
