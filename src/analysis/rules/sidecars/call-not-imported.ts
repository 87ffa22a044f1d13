import { isOfKind } from '../../../manifest/manifest';
import type { Sidecar } from '../../facts/sidecars';
import { imports, sidecarOf } from '../../facts/sidecars';
import { callsByOptions, callsIn } from '../../facts/stated-calls';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function blocksUnknownHosts(sidecar: Sidecar | undefined, { meshConfig }: TrafficIndex): boolean {
  const policy = sidecar?.spec?.outboundTrafficPolicy;
  return (policy ? policy.mode ?? 'REGISTRY_ONLY' : meshConfig.outboundTrafficPolicy.mode) === 'REGISTRY_ONLY';
}

/** Whether pods obey a Sidecar of the root namespace, for want of one in their own. */
function isOfRoot(sidecar: Sidecar, { namespace }: Workload, index: TrafficIndex): boolean {
  return index.namespaceOf(sidecar) !== namespace;
}

export const rule = defineRule({
  id: 'call-not-imported',
  codes: [],
  severity: 'error',
  subjects: ['VirtualService', 'Service', 'ServiceEntry'],
  needs: ['Service', 'Workload'],
  title: 'A Sidecar does not import a host that its pods call',
  effect: 'Envoy treats the host as unknown: it forwards requests unchanged, or answers 502 if the mode is REGISTRY_ONLY.',
  check(object, report, index) {
    const calls = isOfKind(object, 'VirtualService') ? callsIn(object, index) : callsByOptions(index).get(object) ?? [];
    for (const { caller, host, path } of calls) {
      const sidecar = sidecarOf(caller.namespace, caller.labels, index);
      const target = index.registry.find(host, [caller.namespace]);
      const isBlocked = blocksUnknownHosts(sidecar, index);
      const call = `the pods of ${caller.object.kind} ${index.nameOf(caller.object)} call '${host}'`;
      if (!target) {
        if (!isBlocked || index.registry.named(host).length > 0) continue;
        report(path ?? 'spec', `${call}, which no Service or ServiceEntry has, and REGISTRY_ONLY blocks unknown hosts for them: 502`,
          `add a ServiceEntry for '${host}'`,
          { at: path === undefined ? sidecar ?? caller.object : object, absent: { kind: 'host', host } });
      } else if (sidecar && !imports(sidecar, caller.namespace, host, target.namespace)) {
        const name = `Sidecar ${index.nameOf(sidecar)}`;
        report(path ?? 'spec.egress', `${call}, but ${name} does not import it: `
          + `${isBlocked ? 'requests get 502' : 'Envoy treats it as an unknown host, and no route applies to it'}`,
        `add '${target.namespace}/${host}' to the egress hosts of ${name}`, {
          at: path === undefined ? sidecar : object,
          ...(isOfRoot(sidecar, caller, index) && { absent: { kind: 'Sidecar' } }),
        });
      }
    }
  },
});
