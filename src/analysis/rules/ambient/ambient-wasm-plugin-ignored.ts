import { movingPods } from '../../facts/moving-pods';
import { defineRule } from '../../rule';

export const rule = defineRule({
  id: 'ambient-wasm-plugin-ignored',
  codes: ['KIA1111', 'KIA1116'],
  severity: 'warning',
  step: 'admits',
  subjects: ['WasmPlugin', 'TrafficExtension'],
  title: 'An extension without targets runs in sidecars of pods that move to ambient mode',
  effect: 'ztunnel runs no extensions, and a waypoint runs only those with targetRefs. A check that the extension makes is gone.',
  source: '`pilot/pkg/model/policyattachment.go`, `ShouldAttachPolicy`',
  check(object, report, index) {
    const { selector, targetRefs = [] } = object.spec ?? {};
    const hasTarget = targetRefs.length > 0 || (object.spec !== undefined && 'targetRef' in object.spec);
    if (hasTarget) return;
    const namespace = index.namespaceOf(object);
    const scope = namespace === index.meshConfig.rootNamespace ? undefined : namespace;
    const moving = movingPods(selector?.matchLabels ?? {}, scope, index);
    if (!moving) return;
    report(selector ? 'spec.selector' : 'spec', `no proxy runs this extension for pods in '${moving.where}': ztunnel runs none, and a waypoint asks for targetRefs`,
      'name the Service or the waypoint in targetRefs', { absent: moving.absent });
  },
});
