import { movingPods } from '../../facts/moving-pods';
import { selectorOf } from '../../facts/sidecars';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-sidecar-idle',
  codes: [],
  severity: 'info',
  step: 'idle',
  subjects: ['Sidecar'],
  title: 'A Sidecar is for pods that move to ambient mode',
  effect: 'Neither ztunnel nor a waypoint obeys a Sidecar: callers reach all services of the mesh.',
  source: '`pilot/pkg/networking/core/listener_waypoint.go`, `buildWaypointInternal`, which reads no Sidecar',
  check(object, report, index) {
    const namespace = index.namespaceOf(object);
    const moving = movingPods(selectorOf(object), namespace === index.meshConfig.rootNamespace ? undefined : namespace, index);
    if (!moving) return;
    report('spec', `nothing obeys a Sidecar in ambient mode: pods in '${moving.where}' reach hosts that it does not import`,
      'remove it after the move; restrict access with AuthorizationPolicies', { absent: moving.absent });
  },
});
