import { isTcp } from '../envoy/protocol';
import { servicePortProtocol } from '../envoy/service-port-protocol';
import type { ServicePort } from '../manifest/kubernetes-kinds';
import type { ManifestOf } from '../manifest/manifest';

/** The ports of a headless Service for which istiod writes a listener at the address of each pod: those that are not HTTP alone. */
export function portsAtPods({ spec = {} }: ManifestOf<'Service'>): readonly ServicePort[] {
  if (spec.clusterIP !== 'None') return [];
  return (spec.ports ?? []).filter(port => {
    const protocol = servicePortProtocol(port);
    return isTcp(protocol) || protocol === 'Unsupported';
  });
}
