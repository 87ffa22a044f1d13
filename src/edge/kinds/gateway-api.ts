import { GROUP } from '../../gateway-api/references';
import type { Manifest, ManifestOf } from '../../manifest/manifest';
import { isOfKind } from '../../manifest/manifest';
import type { ValueOf } from '../../manifest/shape';
import { readValue } from '../../manifest/shape';
import { contentOf } from '../content';
import type { Known } from '../known';
import type { Reach } from '../reach';
import { reaching, targetsOf } from '../targets';
import type { Unread, UnreadKind, UnreadKinds } from '../unread';

const PARENT = { group: 'string', kind: 'string', namespace: 'string', name: 'string', port: 'integer' } as const;
const ROUTE = { spec: { hostnames: ['string'], parentRefs: [PARENT] } } as const;
const BACKEND_POLICY = { spec: { targetRefs: [{ kind: 'string', name: 'string' }] } } as const;
const LISTENER_SET = { spec: { parentRef: PARENT } } as const;

type Parent = ValueOf<typeof PARENT>;

/** Whom a route reaches by the parents that the input lacks: callers of a host, or a gateway. Other parents are translated. */
function routed(object: Manifest, known: Known): readonly Reach[] {
  const { hostnames, parentRefs = [] } = readValue(ROUTE, object)?.spec ?? {};
  const own = object.metadata.namespace ?? '';
  return parentRefs.flatMap(({ kind = 'Gateway', name = '', namespace = own, port }: Parent): readonly Reach[] => {
    // In another namespace than its Service, a route counts for the callers of its own namespace.
    const callers = namespace === own ? {} : { namespace: own };
    if (kind === 'Service') {
      if (known.readsGatewayApi && known.service(name, namespace)) return [];
      const called = { hosts: [known.hostOf(name, namespace)], decides: true } as const;
      return [{ side: 'sending', proxies: 'sidecar', ...callers, ...called, ...(port && { port }) }];
    }
    if (kind === 'ServiceEntry') {
      const hosts = known.hostsOfEntry(name, namespace);
      if (known.readsGatewayApi && hosts) return [];
      // Of a ServiceEntry that is not in the input, no host is known.
      return [{ side: 'sending', proxies: 'sidecar', ...callers, ...(hosts && { hosts, decides: true }), ...(port && { port }) }];
    }
    const ofRoute = hostnames?.length ? { hosts: hostnames } : {};
    if (kind === 'ListenerSet' && known.isListenerSetRead(name, namespace)) return [];
    if (kind === 'ListenerSet') return [{ side: 'sending', proxies: 'gateway', ...ofRoute, answersOthers: true }];
    if (kind !== 'Gateway' || known.isGatewayRead(name, namespace)) return [];
    const gateways = known.podsOfGateway(name, namespace);
    return gateways.map(pods => ({ side: 'sending', proxies: 'gateway', ...pods, ...ofRoute, decides: true, answersOthers: true }));
  });
}

function route(what: string, changes: string): readonly UnreadKind[] {
  return [{ what, changes, of: (object, known) => unlessRead(object, routed(object, known)) }];
}

/** What reaches nothing is read in full. */
function unlessRead(object: Manifest, reaches: readonly Reach[]): Unread | undefined {
  return reaches.length === 0 ? undefined : { part: contentOf(object), reaches };
}

/** A kind that is read in full. */
const READ: readonly UnreadKind[] = [];

/** A kind that changes the connections to the services that it names. */
function policy(what: string, changes: string): readonly UnreadKind[] {
  return [{ what, changes, of: (object, known) => ({ part: contentOf(object), reaches: reaching('taking', targetsOf(object, known)) }) }];
}

/** A kind that counts only where others refer to it, which are told themselves. */
function referred(what: string): readonly UnreadKind[] {
  return [{ what, changes: 'what routes of the Gateway API refer to', of: object => ({ part: contentOf(object), reaches: [] }) }];
}

/** A policy for services, of which those that the input has are translated. */
const BACKEND_TLS: UnreadKind = {
  what: 'BackendTLSPolicy',
  changes: 'which TLS a service is called with',
  of(object, known) {
    const { targetRefs = [] } = readValue(BACKEND_POLICY, object)?.spec ?? {};
    const own = object.metadata.namespace ?? '';
    const isRead = known.readsGatewayApi && targetRefs.every(({ kind, name = '' }) => (
      kind === 'Service' ? known.service(name, own) : kind === 'ServiceEntry' ? known.hostsOfEntry(name, own) : true));
    return isRead ? undefined : { part: contentOf(object), reaches: reaching('taking', targetsOf(object, known)) };
  },
};

/** Gateways that may serve what nothing else says. */
function serving(pods: Pick<Reach, 'namespace' | 'selector'>): Reach {
  return { side: 'sending', proxies: 'gateway', ...pods, answersOthers: true };
}

const GATEWAY: UnreadKind = {
  what: 'Gateway of the Gateway API',
  changes: 'which ports and hosts its gateway serves',
  of(object, known) {
    const { name, namespace = '' } = object.metadata;
    if (known.isWaypoint(name, namespace)) return { part: contentOf(object), reaches: [{ side: 'taking', namespace, isReadByWaypoint: true }] };
    const isRead = known.isGatewayRead(name, namespace) && !selectsUnknownNamespaces(object, known);
    return isRead ? undefined : { part: contentOf(object), reaches: known.podsOfGateway(name, namespace).map(serving) };
  },
};

/** Whether a Gateway selects namespaces of routes by labels, and the input has objects of namespaces without their labels. */
function selectsUnknownNamespaces(object: Manifest, known: Known): boolean {
  if (!isOfKind(object, 'KubernetesGateway') || known.options.complete) return false;
  const { listeners: stated = [], allowedListeners } = object.spec ?? {};
  const allowed = [...stated.map(({ allowedRoutes }) => allowedRoutes), allowedListeners];
  return known.hasUnlabelledNamespace && allowed.some(each => each?.namespaces?.from === 'Selector');
}

const SERVER_TLS: UnreadKind = {
  what: 'server TLS',
  changes: 'which certificates and versions of TLS the servers of a gateway show and accept, and on which ports',
  of(object) {
    if (!isOfKind(object, 'KubernetesGateway') && !isOfKind(object, 'ListenerSet')) return undefined;
    const { listeners: stated = [], tls: ofClients = {} } = (object as ManifestOf<'KubernetesGateway'>).spec ?? {};
    const servers = stated.map(({ port, protocol, tls }) => JSON.stringify({ port, protocol, tls }));
    return { part: [...new Set(servers), JSON.stringify(ofClients)].sort(), changeAlone: true, reaches: [] };
  },
};

function listeners(what: string): readonly UnreadKind[] {
  return [{
    what,
    changes: 'which ports and hosts a gateway serves',
    of(object, known) {
      const { name = '', namespace = object.metadata.namespace ?? '' } = readValue(LISTENER_SET, object)?.spec?.parentRef ?? {};
      if (isOfKind(object, 'ListenerSet') && known.isGatewayRead(name, namespace)) return undefined;
      const gateways = known.podsOfGateway(name, namespace);
      return { part: contentOf(object), reaches: gateways.map(serving) };
    },
  }];
}

function ofOtherClusters(what: string): readonly UnreadKind[] {
  return [{
    what,
    changes: 'which endpoints of other clusters a service has',
    of: (object, known) => ({
      part: contentOf(object),
      reaches: [{ side: 'taking', hosts: [known.hostOf(object.metadata.name, object.metadata.namespace ?? '')] }],
    }),
  }];
}

/** The kinds of the Gateway API, and of what extends it. */
export const GATEWAY_API: UnreadKinds = {
  [`${GROUP}/HTTPRoute`]: route('HTTPRoute', 'where requests go'),
  [`${GROUP}/GRPCRoute`]: route('GRPCRoute', 'where requests go'),
  [`${GROUP}/TCPRoute`]: route('TCPRoute', 'where connections go'),
  [`${GROUP}/TLSRoute`]: route('TLSRoute', 'where connections go'),
  // istiod reads no UDPRoute.
  [`${GROUP}/UDPRoute`]: READ,
  [`${GROUP}/Gateway`]: [GATEWAY, SERVER_TLS],
  [`${GROUP}/GatewayClass`]: READ,
  [`${GROUP}/ReferenceGrant`]: READ,
  [`${GROUP}/ListenerSet`]: [...listeners('ListenerSet'), SERVER_TLS],
  [`${GROUP}/BackendTLSPolicy`]: [BACKEND_TLS],
  'gateway.networking.x-k8s.io/XListenerSet': listeners('XListenerSet'),
  'gateway.networking.x-k8s.io/XBackendTrafficPolicy': policy('XBackendTrafficPolicy', 'retry budgets and sessions of a service'),
  'gateway.networking.x-k8s.io/XMesh': referred('XMesh'),
  'inference.networking.k8s.io/InferencePool': referred('InferencePool'),
  'inference.networking.x-k8s.io/InferencePool': referred('InferencePool'),
  'multicluster.x-k8s.io/ServiceImport': ofOtherClusters('ServiceImport'),
  'multicluster.x-k8s.io/ServiceExport': ofOtherClusters('ServiceExport'),
};
