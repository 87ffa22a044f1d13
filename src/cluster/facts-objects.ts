import type { ClusterFactsFields, GatewayFact, NamespaceFact, PortFact, ServiceFact } from './facts-fields';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { PARTIAL_LABELS } from '../manifest/partial-labels';
import { UNKNOWN_ACCOUNT } from '../manifest/pod-template';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../manifest/waypoint-labels';

/** What a port is by its number. */
type ByNumber = (number: number) => string;

const ALWAYS_HTTP: ByNumber = () => 'http';
const OF_GATEWAY: ByNumber = number => ({ 80: 'http2', 443: 'https' })[number] ?? 'tcp';

const MODES = {
  sidecar: { 'istio-injection': 'enabled' },
  ambient: { 'istio.io/dataplane-mode': 'ambient' },
  none: { 'istio-injection': 'disabled' },
} as const;

/** The objects that the cluster has by its facts. */
export function objectsOf({
  namespaces = [],
  gateways = [],
  services = [],
  clusterDomain,
  rootNamespace,
}: ClusterFactsFields): KubernetesObject[] {
  return [
    ...namespaces.map(namespaceObject),
    ...gateways.flatMap(gatewayObjects),
    ...services.map((service, i) => serviceObject(service, i, clusterDomain ?? 'cluster.local', rootNamespace ?? 'istio-system')),
  ];
}

function namespaceObject(fact: NamespaceFact): KubernetesObject {
  const { name, mode, waypoint } = typeof fact === 'string' ? { name: fact, mode: undefined, waypoint: undefined } : fact;
  const labels = { ...mode && MODES[mode], ...waypoint !== undefined && waypointLabels(waypoint) };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, annotations: { [PARTIAL_LABELS]: 'true' }, ...Object.keys(labels).length > 0 && { labels } },
  };
}

/** The labels of a namespace that uses a waypoint of its own, or of another namespace. */
function waypointLabels(waypoint: string): Labels {
  const slash = waypoint.indexOf('/');
  if (slash < 0) return { [USE_WAYPOINT]: waypoint };
  return { [USE_WAYPOINT]: waypoint.slice(slash + 1), [USE_WAYPOINT_NAMESPACE]: waypoint.slice(0, slash) };
}

function gatewayObjects({
  name, namespace, labels, serviceAccount = UNKNOWN_ACCOUNT, ports, secrets = [],
}: GatewayFact): KubernetesObject[] {
  const metadata = { name, namespace };
  const pods = {
    metadata: { labels, annotations: { 'inject.istio.io/templates': 'gateway' } },
    spec: { serviceAccountName: serviceAccount, containers: [] },
  };
  const stated = ports?.map(port => servicePort(port, OF_GATEWAY));
  return [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { selector: { matchLabels: labels }, template: pods } },
    ...(stated ? [{ apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: stated } }] : []),
    ...secrets.map(secret => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: secret, namespace } })),
  ];
}

function servicePort(fact: PortFact, byNumber: ByNumber) {
  const {
    number,
    targetPort,
    protocol = byNumber(number),
    name = `${protocol}-${number}`,
  } = typeof fact === 'number' ? { number: fact } : fact;
  return { name, port: number, appProtocol: protocol, protocol: 'TCP', ...(targetPort !== undefined && { targetPort }) };
}

/** The name and namespace of the Service that a host stands for; undefined for one outside the cluster. */
export function serviceNamed(
  { name, namespace, host }: ServiceFact, clusterDomain: string,
): { readonly name: string; readonly namespace: string } | undefined {
  if (name !== undefined && namespace !== undefined) return { name, namespace };
  const suffix = `.svc.${clusterDomain}`;
  const parts = host?.endsWith(suffix) ? host.slice(0, -suffix.length).split('.') : [];
  return parts.length === 2 ? { name: parts[0], namespace: parts[1] } : undefined;
}

function serviceObject(fact: ServiceFact, index: number, clusterDomain: string, rootNamespace: string): KubernetesObject {
  const { host = '', namespace = rootNamespace, ports, labels } = fact;
  const named = serviceNamed(fact, clusterDomain);
  const stated = ports.map(port => servicePort(port, ALWAYS_HTTP));
  if (named) return { apiVersion: 'v1', kind: 'Service', metadata: named, spec: { ...(labels && { selector: labels }), ports: stated } };
  const entryPorts = stated.map(({ name, port, appProtocol, targetPort }) => (
    { name, number: port, protocol: appProtocol.toUpperCase(), ...(targetPort !== undefined && { targetPort }) }));
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: `cluster-fact-${index}`, namespace },
    spec: {
      hosts: [host],
      ports: entryPorts,
      resolution: host.startsWith('*') ? 'NONE' : 'DNS',
      location: 'MESH_EXTERNAL',
    },
  };
}
