import type { Manifest } from '../../manifest/manifest';
import { isOfKind } from '../../manifest/manifest';
import { readValue } from '../../manifest/shape';
import { contentOf, entriesOf } from '../content';
import type { Known } from '../known';
import type { Reach } from '../reach';
import type { UnreadKind, UnreadKinds } from '../unread';

const INGRESS = { spec: { ingressClassName: 'string', rules: [{ host: 'string' }], defaultBackend: 'anything' } } as const;
const NETWORK_POLICY = { spec: { podSelector: { matchLabels: { '*': 'string' } }, policyTypes: ['string'], egress: 'anything' } } as const;
const ENDPOINTS = { endpoints: 'anything', ports: 'anything', subsets: 'anything' } as const;
/** The controller of Istio in an IngressClass. */
const CONTROLLER = 'istio.io/ingress-controller';

/** The hosts of an Ingress at the gateway that serves Ingresses; nothing for an Ingress of another controller. */
function admitted(object: Manifest, known: Known): readonly Reach[] {
  const { ingressClassName, rules = [], defaultBackend } = readValue(INGRESS, object)?.spec ?? {};
  const ofClass = object.metadata.annotations?.['kubernetes.io/ingress.class'] ?? ingressClassName;
  const controller = ofClass === undefined ? undefined : known.ingressController(ofClass);
  if (controller !== undefined && controller !== CONTROLLER) return [];
  const hosts = rules.map(({ host }) => host || '*');
  const all = defaultBackend !== undefined || hosts.length === 0 || hosts.includes('*');
  return [{ side: 'sending', proxies: 'gateway', selector: known.ingressSelector, ...(all ? {} : { hosts }), answersOthers: true }];
}

function filtered(object: Manifest): readonly Reach[] {
  const { podSelector, policyTypes, egress } = readValue(NETWORK_POLICY, object)?.spec ?? {};
  const pods = { namespace: object.metadata.namespace ?? '', selector: podSelector?.matchLabels ?? {} };
  const types = policyTypes ?? ['Ingress', ...(egress === undefined ? [] : ['Egress'])];
  return [
    ...(types.includes('Ingress') ? [{ side: 'taking', ...pods } as const] : []),
    ...(types.includes('Egress') ? [{ side: 'sending', ...pods } as const] : []),
  ];
}

/** A kind that lets the network drop connections. */
function networkFilter(what: string): readonly UnreadKind[] {
  return [{
    what,
    changes: 'which connections the network lets through',
    of(object) {
      const { namespace } = object.metadata;
      const pods = namespace === undefined ? {} : { namespace };
      return { part: contentOf(object), reaches: [{ side: 'sending', ...pods }, { side: 'taking', ...pods }] };
    },
  }];
}

/** Annotations of a Service that name accounts of its pods. */
const ACCOUNT_ANNOTATIONS = ['alpha.istio.io/kubernetes-serviceaccounts', 'alpha.istio.io/canonical-serviceaccounts'];

const WAYPOINT_LABELS = ['istio.io/use-waypoint', 'istio.io/use-waypoint-namespace', 'istio.io/ingress-use-waypoint', 'istio.io/global'];

const WAYPOINT: UnreadKind = {
  what: 'waypoint',
  changes: 'what a waypoint does with the calls that pass it',
  of(object, known) {
    const { name, namespace = '', labels } = object.metadata;
    const part = entriesOf(labels, WAYPOINT_LABELS);
    if (part === undefined) return undefined;
    if (labels?.['istio.io/use-waypoint'] === 'none') return { part, reaches: [] };
    if (object.kind === 'Namespace') return { part, reaches: [{ side: 'taking', namespace: name, isReadByWaypoint: true }] };
    const hosts = isOfKind(object, 'ServiceEntry') ? object.spec?.hosts ?? [] : [known.hostOf(name, namespace)];
    return { part, reaches: [{ side: 'taking', hosts, isReadByWaypoint: true }] };
  },
};

const IDENTITIES: UnreadKind = {
  what: 'stated service accounts',
  changes: 'which certificates of the pods callers accept',
  of({ metadata: { annotations = {} } }) {
    return { part: entriesOf(annotations, ACCOUNT_ANNOTATIONS) ?? {}, changeAlone: true, reaches: [] };
  },
};

const NODE_LOCAL: UnreadKind = {
  what: 'internalTrafficPolicy: Local',
  changes: 'which endpoints a caller has, by the node on which it runs',
  of(object, known) {
    if (!isOfKind(object, 'Service') || object.spec?.internalTrafficPolicy !== 'Local') return undefined;
    return { part: 'Local', reaches: [{ side: 'taking', hosts: [known.hostOf(object.metadata.name, object.metadata.namespace ?? '')] }] };
  },
};

const UNREADY = { spec: { publishNotReadyAddresses: 'boolean' } } as const;

/** No manifest states whether a pod is ready. */
const UNREADY_PODS: UnreadKind = {
  what: 'publishNotReadyAddresses',
  changes: 'whether pods that are not ready get requests',
  of: object => (readValue(UNREADY, object)?.spec?.publishNotReadyAddresses === true ? { part: true, reaches: [] } : undefined),
};

/** Of a Service with a selector, the endpoints follow from the pods. */
const STATED_ENDPOINTS: UnreadKind = {
  what: 'endpoints',
  changes: 'which endpoints a Service without a selector has',
  of(object, known) {
    const { name, namespace = '', labels = {} } = object.metadata;
    const service = object.kind === 'Endpoints' ? name : labels['kubernetes.io/service-name'];
    if (service === undefined || known.service(service, namespace)?.spec?.selector !== undefined) return undefined;
    return { part: readValue(ENDPOINTS, object), reaches: [{ side: 'taking', hosts: [known.hostOf(service, namespace)] }] };
  },
};

/** A kind that moves the weights of VirtualServices while a release goes on. */
function release(what: string): UnreadKind {
  return {
    what,
    changes: 'the weights and subsets that it sets while a release goes on',
    of: object => ({ part: contentOf(object), reaches: [{ side: 'taking', namespace: object.metadata.namespace ?? '' }] }),
  };
}

const ROLLOUT = { spec: { strategy: { canary: { trafficRouting: { istio: 'anything' } } } } } as const;

const TRAFFIC_ROUTING: UnreadKind = {
  ...release('Rollout'),
  of(object, known) {
    const istio = readValue(ROLLOUT, object)?.spec?.strategy?.canary?.trafficRouting?.istio;
    return istio === undefined ? undefined : release('Rollout').of(object, known);
  },
};

const REMOTE_CLUSTER: UnreadKind = {
  what: 'remote cluster',
  changes: 'which endpoints of other clusters a service has',
  of(object) {
    const part = entriesOf(object.metadata.labels, ['istio/multiCluster']);
    return part && { part, reaches: [{ side: 'taking' }] };
  },
};

const SECRET = { type: 'string', data: 'anything', stringData: 'anything' } as const;

/** The keys that istiod reads of Secrets: certificates with their keys, and those of its own authority. */
const CERTIFICATE_KEYS: readonly string[] = [
  'tls.crt', 'tls.key', 'tls.ocsp-staple', 'cert', 'key', 'cacert', 'ca.crt', 'ca.crl',
  'ca-cert.pem', 'ca-key.pem', 'root-cert.pem', 'cert-chain.pem',
];

const CERTIFICATES: UnreadKind = {
  what: 'certificates',
  changes: 'which certificates gateways show and accept',
  of(object) {
    const { type, data, stringData } = readValue(SECRET, object) ?? {};
    const names = Object.keys({ ...data as object, ...stringData as object });
    const hasCertificate = type === 'kubernetes.io/tls' || names.some(name => CERTIFICATE_KEYS.includes(name));
    return !hasCertificate ? undefined : { part: { data, stringData }, reaches: [] };
  },
};

/** The kinds of Kubernetes, and of controllers that change traffic beside Istio. */
export const KUBERNETES: UnreadKinds = {
  'networking.k8s.io/Ingress': [{
    what: 'Ingress',
    changes: 'which hosts the gateway serves, and where their requests go',
    of: (object, known) => ({ part: contentOf(object), reaches: admitted(object, known) }),
  }],
  'networking.k8s.io/IngressClass': [{
    what: 'IngressClass', changes: 'which controller an Ingress has', of: object => ({ part: contentOf(object), reaches: [] }),
  }],
  'networking.k8s.io/NetworkPolicy': [{
    what: 'NetworkPolicy',
    changes: 'which connections the network lets through',
    of: object => ({ part: contentOf(object), reaches: filtered(object) }),
  }],
  'policy.networking.k8s.io/AdminNetworkPolicy': networkFilter('AdminNetworkPolicy'),
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy': networkFilter('BaselineAdminNetworkPolicy'),
  'policy.networking.k8s.io/ClusterNetworkPolicy': networkFilter('ClusterNetworkPolicy'),
  'cilium.io/CiliumNetworkPolicy': networkFilter('CiliumNetworkPolicy'),
  'cilium.io/CiliumClusterwideNetworkPolicy': networkFilter('CiliumClusterwideNetworkPolicy'),
  'projectcalico.org/NetworkPolicy': networkFilter('NetworkPolicy of Calico'),
  'projectcalico.org/GlobalNetworkPolicy': networkFilter('GlobalNetworkPolicy of Calico'),
  'crd.projectcalico.org/NetworkPolicy': networkFilter('NetworkPolicy of Calico'),
  'crd.projectcalico.org/GlobalNetworkPolicy': networkFilter('GlobalNetworkPolicy of Calico'),
  'argoproj.io/Rollout': [TRAFFIC_ROUTING],
  'flagger.app/Canary': [release('Canary of Flagger')],
  '/Service': [WAYPOINT, NODE_LOCAL, UNREADY_PODS, IDENTITIES],
  'networking.istio.io/ServiceEntry': [WAYPOINT],
  '/Namespace': [WAYPOINT],
  '/Endpoints': [STATED_ENDPOINTS],
  'discovery.k8s.io/EndpointSlice': [STATED_ENDPOINTS],
  '/Secret': [REMOTE_CLUSTER, CERTIFICATES],
};
