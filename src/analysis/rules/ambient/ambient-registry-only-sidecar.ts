import { movingPods } from '../../facts/moving-pods';
import { selectorOf } from '../../facts/sidecars';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-registry-only-sidecar',
  codes: [],
  severity: 'warning',
  step: 'admits',
  subjects: ['Sidecar'],
  title: 'A Sidecar with REGISTRY_ONLY blocks calls of pods that move to ambient mode',
  effect: 'ztunnel obeys no Sidecar, and passes on connections to any address.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `buildWaypointInternal`, which reads no Sidecar; ztunnel\'s `src/proxy/outbound.rs`, '
    + '`build_request`',
  check(object, report, index) {
    const { outboundTrafficPolicy } = object.spec ?? {};
    if (outboundTrafficPolicy?.mode !== 'REGISTRY_ONLY') return;
    const namespace = index.namespaceOf(object);
    const moving = movingPods(selectorOf(object), namespace === index.meshConfig.rootNamespace ? undefined : namespace, index);
    if (!moving) return;
    report('spec.outboundTrafficPolicy.mode', `ztunnel obeys no Sidecar: pods in '${moving.where}' can call any address outside the mesh`,
      'restrict egress with a NetworkPolicy', { absent: moving.absent });
  },
});
