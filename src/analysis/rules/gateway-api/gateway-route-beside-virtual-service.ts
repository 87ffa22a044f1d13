import { gatewayPods } from '../../../gateway-api/gateway-pods';
import { selects } from '../../../manifest/labels';
import type { ManifestOf } from '../../../manifest/manifest';
import { converted } from '../../facts/gateway-api';
import type { Gateway } from '../../facts/gateways';
import { gatewaysOf, selectorOf } from '../../facts/gateways';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { inShort } from '../../words';

/** A VirtualService with a host at a Gateway of Istio's API. */
interface Bound {
  readonly name: string;
  readonly host: string;
  readonly gateway: Gateway;
}

function boundHosts(index: TrafficIndex): readonly Bound[] {
  return index.of('VirtualService').flatMap(object => gatewaysOf(object, index).flatMap(({ gateway }) => (
    gateway ? (object.spec?.hosts ?? []).map(host => ({ name: index.nameOf(object), host, gateway })) : [])));
}

/** The hosts of the routes that attach to a Gateway of the Gateway API. */
function routedHosts(object: ManifestOf<'KubernetesGateway'>, index: TrafficIndex): ReadonlySet<string> {
  const prefix = `${index.nameOf(object)}~`;
  const { virtualServices } = converted(index);
  return new Set(virtualServices.filter(({ spec }) => spec.gateways?.some(name => name.startsWith(prefix)))
    .flatMap(({ spec: { hosts = [] } }) => hosts));
}

/** Whether a Gateway of Istio's API selects the pods of one of the Gateway API, and serves one of its ports. */
function sharesPods(gateway: Gateway, object: ManifestOf<'KubernetesGateway'>, index: TrafficIndex): boolean {
  const ports = new Set((object.spec?.listeners ?? []).map(({ port }) => port));
  if (!gateway.spec?.servers?.some(({ port }) => ports.has(port?.number))) return false;
  const pods = gatewayPods([object, ...index.of('Service'), ...index.of('GatewayClass')], index.namespaceOf(object));
  return pods.some(({ labels }) => selects(selectorOf(gateway), labels));
}

export const rule = defineRule({
  id: 'gateway-route-beside-virtual-service',
  codes: [],
  severity: 'info',
  subjects: ['KubernetesGateway'],
  title: 'A VirtualService and a route of the Gateway API are for one host of the same gateway pods',
  effect: 'Envoy has one virtual host with the routes of both: those of the older Gateway object come first, whatever the age of the VirtualService '
    + 'and the route, and routes that take every request come last.',
  check(object, report, index) {
    const hosts = routedHosts(object, index);
    const shared = hosts.size === 0 ? [] : index.memo(boundHosts).filter(({ host, gateway }) => (
      hosts.has(host) && sharesPods(gateway, object, index)));
    if (shared.length === 0) return;
    const [{ host, gateway }] = shared;
    const names = inShort([...new Set(shared.map(({ name }) => `VirtualService ${name}`))]);
    report('spec.listeners', `${names} and routes of this Gateway are for '${host}' on the same pods, by Gateway ${index.nameOf(gateway)}: `
      + 'Envoy joins their routes, those of the older of the two Gateways first', 'move the routes of the host into one API');
  },
});
