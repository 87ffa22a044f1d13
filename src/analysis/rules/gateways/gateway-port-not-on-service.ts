import { groupBy } from '../../../manifest/group-by';
import { selectorText, selects } from '../../../manifest/labels';
import type { ManifestOf } from '../../../manifest/manifest';
import type { Gateway } from '../../facts/gateways';
import { namespacesOf, podsOf, selectorOf } from '../../facts/gateways';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

function servicesByNamespace(index: TrafficIndex): ReadonlyMap<string, readonly ManifestOf<'Service'>[]> {
  return groupBy(index.of('Service'), object => index.namespaceOf(object));
}

/** The ports of Gateways with the same selector, once they are known. */
function knownPorts(): Map<string, ReadonlySet<number>> {
  return new Map();
}

function portsOf(gateway: Gateway, index: TrafficIndex): ReadonlySet<number> {
  const known = index.memo(knownPorts);
  const selector = selectorText(selectorOf(gateway));
  const ports = known.get(selector) ?? reachedPorts(gateway, index);
  known.set(selector, ports);
  return ports;
}

/** The ports at which Services lead to a Gateway's pods: their ports, and the target ports. */
function reachedPorts(gateway: Gateway, index: TrafficIndex): ReadonlySet<number> {
  const reached = new Set<number>();
  for (const [namespace, pods] of groupBy(podsOf(gateway, index), pod => pod.namespace)) {
    for (const { spec: { selector = {}, ports = [] } = {} } of index.memo(servicesByNamespace).get(namespace) ?? []) {
      if (!pods.some(({ labels }) => selects(selector, labels))) continue;
      for (const { protocol = 'TCP', port, targetPort } of ports) {
        if (protocol !== 'TCP' || port === undefined) continue;
        reached.add(port);
        const target = parseInt(String(targetPort ?? ''), 10);
        if (target > 0) reached.add(target);
      }
    }
  }
  return reached;
}

export const rule = defineRule({
  id: 'gateway-port-not-on-service',
  codes: ['IST0162'],
  severity: 'warning',
  subjects: ['Gateway'],
  needs: ['Service', 'Workload'],
  title: 'No Service in front of a Gateway\'s pods has the port of a server',
  effect: 'Envoy listens, but no traffic from outside reaches the port.',
  check(object, report, index) {
    if (podsOf(object, index).length === 0) return;
    const ports = portsOf(object, index);
    object.spec?.servers?.forEach(({ port }, s) => {
      if (!port || ports.has(port.number ?? NaN)) return;
      report(`spec.servers[${s}].port.number`, `no Service in front of the gateway's pods has port ${port.number}, so nothing reaches `
        + 'this server',
      ports.size === 0 ? 'add a Service with this port for the pods' : 'add the port to the Service of the gateway, or use one of '
          + `${[...ports].join(', ')}`,
      ports.size > 0 ? {} : { absent: { kind: 'Service', namespaces: namespacesOf(object, index) ?? [] } });
    });
  },
});
