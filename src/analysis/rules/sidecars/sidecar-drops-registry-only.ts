import type { Sidecar } from '../../facts/sidecars';
import { defaultSidecars, isForAll } from '../../facts/sidecars';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The Sidecar for all pods of a namespace: the oldest without a selector. */
function defaultOf(namespace: string, index: TrafficIndex): Sidecar | undefined {
  return defaultSidecars(index).get(namespace)?.oldest;
}

function blocksUnknownHosts({ spec }: Sidecar): boolean {
  const policy = spec?.outboundTrafficPolicy;
  return policy !== undefined && (policy.mode === undefined || policy.mode === 'REGISTRY_ONLY');
}

export const rule = defineRule({
  id: 'sidecar-drops-registry-only',
  codes: [],
  severity: 'warning',
  subjects: ['Sidecar'],
  title: 'A narrower Sidecar opens what a wider one blocks',
  effect: 'Envoy forwards requests to unknown hosts: without a mode of its own, a Sidecar uses MeshConfig, not the wider Sidecar.',
  check(object, report, index) {
    const { rootNamespace, outboundTrafficPolicy: { mode } } = index.meshConfig;
    if (mode === 'REGISTRY_ONLY' || object.spec?.outboundTrafficPolicy !== undefined) return;
    const wider = (isForAll(object) ? undefined : defaultOf(index.namespaceOf(object), index)) ?? defaultOf(rootNamespace, index);
    if (!wider || wider === object || !blocksUnknownHosts(wider)) return;
    report('spec', `Sidecar ${index.nameOf(wider)} sets REGISTRY_ONLY, but this one replaces it as a whole: its pods may call `
      + 'any host again',
    'set outboundTrafficPolicy: { mode: REGISTRY_ONLY } here too; one Sidecar inherits nothing from another');
  },
});
