import { isHttp, parseProtocol } from '../../../envoy/protocol';
import type { HTTPMatchRequest } from '../../../manifest/istio-specs.generated';
import { selects } from '../../../manifest/labels';
import { delegationsTo } from '../../facts/delegations';
import type { Gateway } from '../../facts/gateways';
import { namespacesOf, podsOf, presentGateways, selectorOf } from '../../facts/gateways';
import type { PlacedMatch } from '../../facts/virtual-services';
import { isDelegate, isForMesh, matchesIn } from '../../facts/virtual-services';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The field that no gateway meets, and why; undefined where one may meet all of the match. */
function neverMet(match: PlacedMatch['match'], gateways: readonly Gateway[],
  index: TrafficIndex): readonly [field: string, reason: string] | undefined {
  const { sourceLabels: labels = {}, sourceNamespace, port } = match;
  if (Object.keys(labels).length > 0) {
    const pods = gateways.flatMap(gateway => podsOf(gateway, index));
    const isMet = pods.length > 0 ? pods.some(pod => selects(labels, pod.labels)) : gateways.some(gateway => (
      Object.entries(selectorOf(gateway)).every(([name, value]) => labels[name] === undefined || labels[name] === value)));
    if (!isMet) {
      return ['sourceLabels', 'a gateway compares sourceLabels with the labels of its own pods, not with those of the caller, and '
        + 'they differ'];
    }
  }
  if (sourceNamespace) {
    const namespaces = gateways.map(gateway => namespacesOf(gateway, index));
    if (namespaces.every(known => known && !known.includes(sourceNamespace))) {
      return ['sourceNamespace', `a gateway compares sourceNamespace with its own namespace (${namespaces.flat().join(', ')}), not with `
        + 'that of the caller'];
    }
  }
  if (port !== undefined) {
    const ports = gateways.flatMap(({ spec: { servers = [] } = {} }) => servers.map(server => server.port?.number));
    if (!ports.includes(port)) return ['port', `the Gateway has no server at port ${port} (it has ${ports.join(', ')})`];
  }
  const { scheme } = match as HTTPMatchRequest;
  const served = schemesOf(gateways);
  if (scheme?.exact && served.length > 0 && !served.includes(scheme.exact)) {
    return ['scheme', `the Gateway serves ${served.join(' and ')} alone, and a gateway sets the scheme of a request by the connection unless `
      + 'it trusts the proxies in front of it (gatewayTopology.numTrustedProxies)'];
  }
  return undefined;
}

/** The schemes of the requests that Gateways read. */
function schemesOf(gateways: readonly Gateway[]): readonly string[] {
  const schemes = gateways.flatMap(({ spec: { servers = [] } = {} }) => servers.flatMap(({ port, tls }) => {
    const protocol = parseProtocol(port?.protocol ?? '');
    if (!isHttp(protocol) && protocol !== 'HTTPS') return [];
    if (protocol !== 'HTTPS') return ['http'];
    return tls?.mode === 'PASSTHROUGH' || tls?.mode === 'AUTO_PASSTHROUGH' ? [] : ['https'];
  }));
  return [...new Set(schemes)].sort();
}

export const rule = defineRule({
  id: 'gateway-condition-never-met',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'A match for a Gateway has a condition that no gateway meets',
  effect: 'The gateway leaves the route out.',
  check(object, report, index) {
    // What a delegate states is for the Gateways of its roots.
    const bound = isDelegate(object) ? [...new Set(delegationsTo(object, index).map(({ root }) => root))] : [object];
    if (bound.some(isForMesh)) return;
    const gateways = presentGateways(bound, index);
    if (gateways.length === 0) return;
    for (const { match, path } of matchesIn(object)) {
      const [field, reason] = neverMet(match, gateways, index) ?? [];
      if (field === undefined) continue;
      report(`${path}.${field}`, `${reason}: this match takes nothing`,
        'tell callers apart by a header or by the host, or put the entry into a VirtualService of the mesh');
    }
  },
});
