import type { ClusterFactsFields, GatewayFact, NamespaceFact, PortFact, ServiceFact } from './facts-fields';
import { istioVersion } from '../envoy/istio-versions';
import type { MeshConfigFields } from '../envoy/mesh-config';
import { parseProtocol } from '../envoy/protocol';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { Manifest, ManifestOf } from '../manifest/manifest';
import { isOfKind, manifestsOf, readManifests } from '../manifest/manifest';
import { podTemplateOf, serviceAccountOf } from '../manifest/pod-template';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../manifest/waypoint-labels';

/** Labels that a controller adds to its pods, by which no Gateway selects. */
const OF_CONTROLLERS: ReadonlySet<string> = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'sidecar.istio.io/inject',
]);
const RUNNING = ['Deployment', 'DaemonSet'] as const;

/** The facts of a cluster whose objects are listed, as `kubectl get -o yaml` lists them. */
export function factsOfObjects(objects: readonly KubernetesObject[], meshConfig: MeshConfigFields | undefined): ClusterFactsFields {
  const { manifests } = readManifests(objects);
  const namespaces = manifestsOf(manifests, 'Namespace').map(namespaceFact);
  const services = manifestsOf(manifests, 'Service');
  const running = manifests.filter(manifest => RUNNING.some(kind => isOfKind(manifest, kind)));
  const gateways = running.filter(isGateway);
  const isOfGateway = (service: ManifestOf<'Service'>) => gateways.some(gateway => leadsTo(service, gateway));
  const others = services.filter(service => !isOfGateway(service) && service.spec?.type !== 'ExternalName').flatMap(serviceFact);
  const version = running.map(versionOf).find(found => found !== undefined);
  return {
    kind: 'ClusterFacts',
    ...(version !== undefined && { istioVersion: version }),
    ...(meshConfig && { meshConfig }),
    ...(namespaces.length > 0 && { namespaces }),
    ...(gateways.length > 0 && { gateways: gateways.map(gateway => gatewayFact(gateway, services, manifests)) }),
    ...(others.length > 0 && { services: others }),
  };
}

function namespaceFact({ metadata: { name, labels = {} } }: Manifest): NamespaceFact {
  const mode = modeOf(labels);
  const { [USE_WAYPOINT]: waypoint, [USE_WAYPOINT_NAMESPACE]: namespace } = labels;
  if (mode === undefined && waypoint === undefined) return name;
  return { name, ...mode && { mode }, ...waypoint && { waypoint: namespace ? `${namespace}/${waypoint}` : waypoint } };
}

function modeOf(labels: Labels): 'sidecar' | 'ambient' | 'none' | undefined {
  if (labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined) return 'sidecar';
  if (labels['istio.io/dataplane-mode'] === 'ambient') return 'ambient';
  return labels['istio-injection'] === 'disabled' ? 'none' : undefined;
}

/** Whether an object runs gateway proxies: injected as such, made by Istio, or by the label of Istio's own installation. */
function isGateway(manifest: Manifest): boolean {
  const { labels = {}, annotations = {} } = podTemplateOf(manifest)?.metadata ?? {};
  return (annotations['inject.istio.io/templates'] ?? '').split(',').includes('gateway')
    || labels['gateway.istio.io/managed'] !== undefined || /gateway/.test(labels.istio ?? '');
}

function labelsOf(manifest: Manifest): Labels {
  const { labels = {} } = podTemplateOf(manifest)?.metadata ?? {};
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !OF_CONTROLLERS.has(name)));
}

function leadsTo({ metadata, spec: { selector = {} } = {} }: ManifestOf<'Service'>, gateway: Manifest): boolean {
  return metadata.namespace === gateway.metadata.namespace && Object.keys(selector).length > 0 && selects(selector, labelsOf(gateway));
}

function gatewayFact(gateway: Manifest, services: readonly ManifestOf<'Service'>[], manifests: readonly Manifest[]): GatewayFact {
  const { name, namespace = 'default' } = gateway.metadata;
  const ports = services.filter(service => leadsTo(service, gateway)).flatMap(({ spec: { ports: stated = [] } = {} }) => (
    stated.flatMap(({ port, targetPort }): PortFact[] => {
      if (port === undefined) return [];
      return [typeof targetPort === 'number' && targetPort !== port ? { number: port, targetPort } : port];
    })));
  const serviceAccount = serviceAccountOf(podTemplateOf(gateway)?.spec);
  const secrets = manifestsOf(manifests, 'Secret').filter(({ metadata, data = {} }) => (
    metadata.namespace === namespace && (data['tls.crt'] !== undefined || data.cert !== undefined))).map(({ metadata }) => metadata.name);
  return {
    name,
    namespace,
    labels: labelsOf(gateway),
    ...(serviceAccount !== undefined && { serviceAccount }),
    ...(ports.length > 0 && { ports: once(ports) }),
    ...(secrets.length > 0 && { secrets }),
  };
}

function serviceFact({
  metadata: { name, namespace = 'default' },
  spec: { ports = [], selector } = {},
}: ManifestOf<'Service'>): ServiceFact[] {
  const stated = ports.flatMap(({ port, name: portName = '', appProtocol, protocol: transport }): PortFact[] => {
    if (port === undefined || transport === 'UDP') return [];
    const protocol = (appProtocol ?? portName.split('-')[0]).toLowerCase();
    // What Istio detects for each connection is taken for HTTP.
    return [protocol === 'http' || parseProtocol(protocol) === 'Unsupported' ? port : { number: port, protocol }];
  });
  return stated.length === 0 ? [] : [{ name, namespace, ports: once(stated), ...(selector && { labels: selector }) }];
}

/** The ports without those whose number stands twice. */
function once(ports: readonly PortFact[]): readonly PortFact[] {
  const numberOf = (port: PortFact) => (typeof port === 'number' ? port : port.number);
  return ports.filter((port, i) => ports.findIndex(other => numberOf(other) === numberOf(port)) === i);
}

/** The minor version of Istio, by the image of istiod. */
function versionOf(manifest: Manifest): string | undefined {
  const template = podTemplateOf(manifest);
  if (template?.metadata?.labels?.app !== 'istiod') return undefined;
  const versions = (template.spec?.containers ?? []).flatMap(({ image = '' }) => /:(1\.\d+)[.-]?/.exec(image)?.[1] ?? []);
  return versions.find(version => istioVersion(version));
}
