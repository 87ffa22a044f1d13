import { movingPods } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-envoy-filter-ignored',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['EnvoyFilter'],
  title: 'An EnvoyFilter changes sidecars of pods that move to ambient mode',
  effect: 'Without a sidecar, nothing is patched: limits, checks and filters that the patches add are gone.',
  source: '`pilot/pkg/model/push_context.go`, `getMatchedEnvoyFilters`: ztunnel gets none, and a waypoint those with `targetRefs`, of its namespace, '
    + 'or of the root namespace',
  check(object, report, index) {
    const { workloadSelector, targetRefs = [], configPatches = [] } = object.spec ?? {};
    const isForSidecars = configPatches.some(({ match }) => match?.context !== 'GATEWAY');
    if (targetRefs.length > 0 || !isForSidecars) return;
    const namespace = index.namespaceOf(object);
    const scope = namespace === index.meshConfig.rootNamespace ? undefined : namespace;
    const moving = movingPods(workloadSelector?.labels ?? {}, scope, index);
    if (!moving) return;
    report('spec.configPatches', `pods in '${moving.where}' have no Envoy in ambient mode, so these patches are lost`,
      'write what they do as a policy of Istio, or patch a waypoint by targetRefs', { absent: moving.absent });
  },
});
