import type { Caller, Seen } from './caller';
import { SIDECAR } from './caller';
import { clusterHost } from './cluster-lacks';
import { destinationsOf } from './destinations';
import { gatewayPods } from './gateways';
import { obeyedBy } from './obeyed-routes';
import type { Sidecar } from './sidecars';
import { isForAll, selectorOf, sidecarOf } from './sidecars';
import { translatedMesh } from './translated-mesh';
import type { VirtualService } from './virtual-services';
import type { Proxy } from '../../envoy/proxy';
import type { ProxyScope } from '../../envoy/proxy-scope';
import { serviceSeenBy, sidecarScope } from '../../envoy/proxy-scope';
import { addToGroup } from '../../manifest/group-by';
import { selects } from '../../manifest/labels';
import type { TrafficIndex } from '../traffic-index';

function noScopes(): Map<string, ProxyScope> {
  return new Map();
}

/** What a Sidecar lets the proxies of a namespace see. */
function scopeOf(sidecar: Sidecar, proxy: Proxy, index: TrafficIndex): ProxyScope {
  const known = index.memo(noScopes);
  const key = `${index.nameOf(sidecar)} ${proxy.namespace}`;
  let scope = known.get(key);
  if (!scope) known.set(key, scope = sidecarScope(proxy, sidecar, translatedMesh(index)));
  return scope;
}

const sidecarFor = ({ type, namespace, labels }: Proxy, index: TrafficIndex) => (
  type === 'gateway' ? undefined : sidecarOf(namespace, labels, index));

/** What a proxy sees of each host, through the Sidecar that it obeys. */
export function seenBy(proxy: Proxy, index: TrafficIndex): Seen {
  const sidecar = sidecarFor(proxy, index);
  if (sidecar) return host => scopeOf(sidecar, proxy, index).service(host);
  return host => serviceSeenBy(proxy, host, translatedMesh(index).registry);
}

/** Whether pods for which a proxy stands obey a VirtualService, as far as their Sidecar decides. */
export function obeys(proxy: Proxy, object: VirtualService, index: TrafficIndex): boolean {
  const sidecar = sidecarFor(proxy, index);
  if (!sidecar) return true;
  const { namespace, labels = {} } = proxy;
  const isObeyed = index.workloads.in(namespace).some(pod => !gatewayPods(index).has(pod) && selects(labels, pod.labels)
    && sidecarOf(namespace, pod.labels, index) === sidecar);
  return isObeyed && scopeOf(sidecar, proxy, index).egress.some(({ virtualServices }) => (
    virtualServices.some(imported => imported.object === object)));
}

/**
 * The callers whose Sidecar imports a VirtualService, and perhaps not what it routes to: of its destinations only one port, or not the
 * host that an ExternalName Service refers to.
 */
export function narrowedCallers(object: VirtualService, index: TrafficIndex): readonly Caller[] {
  return index.memo(findNarrowed).get(object) ?? [];
}

function findNarrowed(index: TrafficIndex): ReadonlyMap<VirtualService, readonly Caller[]> {
  const found = new Map<VirtualService, Caller[]>();
  const toAliases = routingToAliases(index);
  for (const sidecar of index.of('Sidecar')) {
    const namespace = index.namespaceOf(sidecar);
    const isNarrow = sidecar.spec?.egress?.some(({ port }) => port?.number !== undefined) ?? false;
    if ((!isNarrow && toAliases.size === 0) || !index.workloads.hasAny(selectorOf(sidecar), namespace)) continue;
    const proxy: Proxy = { type: 'sidecar', namespace, ...(!isForAll(sidecar) && { labels: selectorOf(sidecar) }) };
    const text = isForAll(sidecar) ? `callers in '${namespace}'` : `callers with Sidecar ${index.nameOf(sidecar)}`;
    const caller = { proxy, text, serves: SIDECAR, sees: seenBy(proxy, index) };
    const imported = scopeOf(sidecar, proxy, index).egress.flatMap(({ virtualServices }) => virtualServices.map(vs => vs.object));
    for (const object of new Set(imported)) if (isNarrow || toAliases.has(object)) addToGroup(found, object, caller);
  }
  return found;
}

/** The VirtualServices that route to ExternalName Services, themselves or by a delegate. */
function routingToAliases(index: TrafficIndex): ReadonlySet<VirtualService> {
  const objects = index.of('VirtualService').filter(object => (
    destinationsOf(object, index).some(({ host }) => clusterHost(host, index) !== host)));
  return new Set(objects.flatMap(object => obeyedBy(object, index).map(({ root }) => root)));
}
