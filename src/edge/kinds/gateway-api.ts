import type { Manifest } from '../../manifest/manifest';
import type { ValueOf } from '../../manifest/shape';
import { readValue } from '../../manifest/shape';
import { contentOf } from '../content';
import type { Known } from '../known';
import type { Reach } from '../reach';
import { reaching, targetsOf } from '../targets';
import type { UnreadKind, UnreadKinds } from '../unread';

const GROUP = 'gateway.networking.k8s.io';
const PARENT = { group: 'string', kind: 'string', namespace: 'string', name: 'string', port: 'integer' } as const;
const ROUTE = { spec: { hostnames: ['string'], parentRefs: [PARENT] } } as const;
const LISTENER_SET = { spec: { parentRef: PARENT } } as const;

type Parent = ValueOf<typeof PARENT>;

/** Whom a route of the Gateway API reaches: by each parent, callers of a Service's or ServiceEntry's host, or a gateway. */
function routed(object: Manifest, known: Known): readonly Reach[] {
  const { hostnames, parentRefs = [] } = readValue(ROUTE, object)?.spec ?? {};
  const own = object.metadata.namespace ?? '';
  return parentRefs.flatMap(({ kind = 'Gateway', name = '', namespace = own, port }: Parent): readonly Reach[] => {
    // In another namespace than its Service, a route counts for the callers of its own namespace.
    const callers = namespace === own ? {} : { namespace: own };
    if (kind === 'Service' || kind === 'ServiceEntry') {
      const called = kind === 'Service' ? [known.hostOf(name, namespace)] : known.hostsOfEntry(name, namespace);
      // Of a ServiceEntry that is not in the input, no host is known.
      return [{ side: 'sending', proxies: 'sidecar', ...callers, ...(called && { hosts: called, decides: true }), ...(port && { port }) }];
    }
    const hosts = hostnames?.length ? { hosts: hostnames } : {};
    if (kind === 'ListenerSet') return [{ side: 'sending', proxies: 'gateway', ...hosts, answersOthers: true }];
    if (kind !== 'Gateway') return [];
    const gateways = known.podsOfGateway(name, namespace);
    return gateways.map(pods => ({ side: 'sending', proxies: 'gateway', ...pods, ...hosts, decides: true, answersOthers: true }));
  });
}

function route(what: string, changes: string): readonly UnreadKind[] {
  return [{ what, changes, of: (object, known) => ({ part: contentOf(object), reaches: routed(object, known) }) }];
}

/** A kind that changes the connections to the services that it names. */
function policy(what: string, changes: string): readonly UnreadKind[] {
  return [{ what, changes, of: (object, known) => ({ part: contentOf(object), reaches: reaching('taking', targetsOf(object, known)) }) }];
}

/** A kind that counts only where others refer to it, which are told themselves. */
function referred(what: string): readonly UnreadKind[] {
  return [{ what, changes: 'what routes of the Gateway API refer to', of: object => ({ part: contentOf(object), reaches: [] }) }];
}

/** Gateways that may serve what nothing else says. */
function serving(pods: Pick<Reach, 'namespace' | 'selector'>): Reach {
  return { side: 'sending', proxies: 'gateway', ...pods, answersOthers: true };
}

const GATEWAY: UnreadKind = {
  what: 'Gateway of the Gateway API',
  changes: 'which ports and hosts its gateway serves',
  of(object, known) {
    const { name, namespace = '' } = object.metadata;
    const reaches: readonly Reach[] = known.isWaypoint(name, namespace) ? [{ side: 'taking', namespace }]
      : known.podsOfGateway(name, namespace).map(serving);
    return { part: contentOf(object), reaches };
  },
};

function listeners(what: string): readonly UnreadKind[] {
  return [{
    what,
    changes: 'which ports and hosts a gateway serves',
    of(object, known) {
      const { name = '', namespace = object.metadata.namespace ?? '' } = readValue(LISTENER_SET, object)?.spec?.parentRef ?? {};
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
  [`${GROUP}/UDPRoute`]: referred('UDPRoute'),
  [`${GROUP}/Gateway`]: [GATEWAY],
  [`${GROUP}/GatewayClass`]: referred('GatewayClass'),
  [`${GROUP}/ReferenceGrant`]: referred('ReferenceGrant'),
  [`${GROUP}/ListenerSet`]: listeners('ListenerSet'),
  [`${GROUP}/BackendTLSPolicy`]: policy('BackendTLSPolicy', 'which TLS a service is called with'),
  'gateway.networking.x-k8s.io/XListenerSet': listeners('XListenerSet'),
  'gateway.networking.x-k8s.io/XBackendTrafficPolicy': policy('XBackendTrafficPolicy', 'retry budgets and sessions of a service'),
  'gateway.networking.x-k8s.io/XMesh': referred('XMesh'),
  'inference.networking.k8s.io/InferencePool': referred('InferencePool'),
  'inference.networking.x-k8s.io/InferencePool': referred('InferencePool'),
  'multicluster.x-k8s.io/ServiceImport': ofOtherClusters('ServiceImport'),
  'multicluster.x-k8s.io/ServiceExport': ofOtherClusters('ServiceExport'),
};
