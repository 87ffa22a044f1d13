import { PodProxyConfigs } from '../../../envoy/pod-proxy-configs';
import { isHttp, parseProtocol } from '../../../envoy/protocol';
import type { HTTPMatchRequest } from '../../../manifest/istio-specs.generated';
import { selects } from '../../../manifest/labels';
import { delegationsTo } from '../../facts/delegations';
import type { Gateway } from '../../facts/gateways';
import { namespacesOf, podsOf, presentGateways, selectorOf } from '../../facts/gateways';
import type { PlacedMatch } from '../../facts/virtual-services';
import { isDelegate, isForMesh, matchesIn } from '../../facts/virtual-services';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

interface Unmet {
  readonly field: 'sourceLabels' | 'sourceNamespace' | 'port' | 'scheme';
  readonly cause: string;
  readonly repair: string;
}

const TELL_APART = 'tell callers apart by a header or by the host, or put the entry into a VirtualService of the mesh';

/** The field that no gateway meets, and why; undefined where one may meet all of the match. */
function neverMet(match: PlacedMatch['match'], gateways: readonly Gateway[], index: TrafficIndex): Unmet | undefined {
  const { sourceLabels: labels = {}, sourceNamespace, port } = match;
  const pods = gateways.flatMap(gateway => podsOf(gateway, index));
  if (Object.keys(labels).length > 0) {
    const isMet = pods.length > 0 ? pods.some(pod => selects(labels, pod.labels)) : gateways.some(gateway => (
      Object.entries(selectorOf(gateway)).every(([name, value]) => labels[name] === undefined || labels[name] === value)));
    if (!isMet) {
      return {
        field: 'sourceLabels',
        cause: 'a gateway compares sourceLabels with the labels of its own pods, not with those of the caller, and they differ: this match '
          + 'takes nothing',
        repair: TELL_APART,
      };
    }
  }
  if (sourceNamespace) {
    const namespaces = gateways.map(gateway => namespacesOf(gateway, index));
    if (namespaces.every(known => known && !known.includes(sourceNamespace))) {
      return {
        field: 'sourceNamespace',
        cause: `a gateway compares sourceNamespace with its own namespace (${namespaces.flat().join(', ')}), not with that of the caller: `
          + 'this match takes nothing',
        repair: TELL_APART,
      };
    }
  }
  const ports = gateways.flatMap(({ spec: { servers = [] } = {} }) => servers.map(server => server.port?.number));
  if (port !== undefined && !ports.includes(port)) {
    return {
      field: 'port',
      cause: `the Gateway has no server at port ${port} (it has ${ports.join(', ')}): this match takes nothing`,
      repair: 'use the port of a server of the Gateway',
    };
  }
  const { scheme } = match as HTTPMatchRequest;
  const served = schemesOf(gateways);
  if (!scheme?.exact || served.length === 0 || served.includes(scheme.exact) || isProxyTrusted(pods, index)) return undefined;
  return {
    field: 'scheme',
    cause: `the Gateway serves only ${served.join(' and ')}: unless the gateway trusts proxies in front of it, this match takes only requests `
      + 'of HTTP/2 callers that send another scheme than that of their connection',
    repair: 'remove scheme, or set gatewayTopology.numTrustedProxies if a proxy in front of the gateway terminates TLS',
  };
}

/** Whether pods of a gateway are known to take the scheme from proxies in front of them. */
function isProxyTrusted(pods: readonly Workload[], { meshConfig: { defaultConfig } }: TrafficIndex): boolean {
  const configs = pods.map(({ object, labels }) => (
    new PodProxyConfigs([object], defaultConfig).of({ type: 'gateway', namespace: object.metadata.namespace ?? '', labels }, [])));
  return [defaultConfig, ...configs].some(({ gatewayTopology }) => (gatewayTopology?.numTrustedProxies ?? 0) > 0);
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
      const unmet = neverMet(match, gateways, index);
      if (unmet) report(`${path}.${unmet.field}`, unmet.cause, unmet.repair);
    }
  },
});
