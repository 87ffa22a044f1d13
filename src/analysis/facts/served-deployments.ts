import { groupBy } from '../../manifest/group-by';
import type { ServicePort } from '../../manifest/kubernetes-kinds';
import type { Manifest, ManifestOf } from '../../manifest/manifest';
import type { TrafficIndex } from '../traffic-index';

type Deployment = ManifestOf<'Deployment'>;

/** A port of a Service in front of a Deployment. */
export interface FrontPort {
  readonly service: ManifestOf<'Service'>;
  readonly port: ServicePort;
}

const INJECT = 'sidecar.istio.io/inject';

function injectedNamespaces(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('Namespace').filter(({ metadata: { labels = {} } }) => labels['istio-injection'] === 'enabled')
    .map(({ metadata }) => metadata.name));
}

/** Whether a Deployment's pods get a sidecar. */
function isInMesh(deployment: Deployment, index: TrafficIndex): boolean {
  const { metadata: { labels = {}, annotations = {} } = {}, spec: { containers = [] } = {} } = deployment.spec?.template ?? {};
  if (containers.some(({ name, image }) => name === 'istio-proxy' && image)) return true;
  const stated = labels[INJECT] ?? annotations[INJECT];
  return stated === undefined ? index.memo(injectedNamespaces).has(index.namespaceOf(deployment)) : stated === 'true';
}

/** The ports of the Services that select a Deployment's pods, by Deployment. */
function frontPorts(index: TrafficIndex): ReadonlyMap<Manifest, readonly (FrontPort & { readonly object: Manifest })[]> {
  const ports = index.of('Service').flatMap(service => {
    const { selector = {}, ports: stated = [] } = service.spec ?? {};
    if (Object.keys(selector).length === 0) return [];
    return index.workloads.selectedBy(selector, index.namespaceOf(service))
      .flatMap(({ object }) => stated.map(port => ({ object, service, port })));
  });
  return groupBy(ports, ({ object }) => object);
}

/** The ports of the Services in front of a Deployment; none for one outside of the mesh. */
export function frontPortsOf(deployment: Deployment, index: TrafficIndex): readonly FrontPort[] {
  const { labels = {} } = deployment.metadata;
  if (labels['gateway.istio.io/managed'] === 'istio.io-mesh-controller' || !isInMesh(deployment, index)) return [];
  return index.memo(frontPorts).get(deployment) ?? [];
}
