import { canMove } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-registry-only-mesh',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet'],
  needs: ['MeshConfig'],
  title: 'MeshConfig blocks calls to unknown addresses with REGISTRY_ONLY',
  effect: 'ztunnel does not read outboundTrafficPolicy, and passes on connections to any address.',
  source: 'ztunnel\'s `src/proxy/outbound.rs`, `build_request`',
  example: { meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } }, words: 'with `outboundTrafficPolicy.mode: REGISTRY_ONLY` in MeshConfig' },
  check(object, report, index) {
    if (index.meshConfig.outboundTrafficPolicy.mode !== 'REGISTRY_ONLY') return;
    const namespace = index.namespaceOf(object);
    const first = index.workloads.in(namespace).find(pod => canMove(pod, index));
    if (first?.object !== object) return;
    report('metadata.namespace', `ztunnel does not read REGISTRY_ONLY of MeshConfig: pods in '${namespace}' can call any address outside the mesh`,
      'restrict egress with a NetworkPolicy');
  },
});
