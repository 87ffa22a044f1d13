import { addToGroup, groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Fields } from '../fields';
import { items, labelsOf } from '../fields';
import { isIstios } from '../istios-own';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** Whether a Deployment's pods get a proxy. */
function isInMesh(index: TrafficIndex, namespaces: ReadonlyMap<string, KubernetesObject>, deployment: KubernetesObject): boolean {
  const template: Fields = deployment.spec?.template ?? {};
  if (items(template.spec?.containers).some(({ name, image }) => name === 'istio-proxy' && image)) return true;
  const stated = template.metadata?.labels?.['sidecar.istio.io/inject'] ?? template.metadata?.annotations?.['sidecar.istio.io/inject'];
  if (stated !== undefined) return String(stated) === 'true';
  return namespaces.get(index.namespaceOf(deployment))?.metadata.labels?.['istio-injection'] === 'enabled';
}

interface Served {
  readonly deployment: KubernetesObject;
  readonly services: readonly KubernetesObject[];
}

/** Made once for the rules of this file. */
const SERVED = new WeakMap<TrafficIndex, readonly Served[]>();

/** The Deployments of the mesh with the Services in front of their pods. */
function served(index: TrafficIndex): readonly Served[] {
  const known = SERVED.get(index) ?? findServed(index);
  SERVED.set(index, known);
  return known;
}

function findServed(index: TrafficIndex): Served[] {
  const namespaces = new Map(index.of('Namespace').map(object => [object.metadata.name, object]));
  const deployments = index.of('Deployment')
    .filter(deployment => deployment.metadata.labels?.['gateway.istio.io/managed'] !== 'istio.io-mesh-controller' && isInMesh(index, namespaces, deployment));
  if (deployments.length === 0) return [];
  const byDeployment = new Map<KubernetesObject, KubernetesObject[]>();
  for (const service of index.of('Service')) {
    const selector = labelsOf(service.spec?.selector);
    if (Object.keys(selector).length === 0) continue;
    for (const { object } of index.workloads.selectedBy(selector, index.namespaceOf(service))) addToGroup(byDeployment, object, service);
  }
  return deployments.map(deployment => ({ deployment, services: byDeployment.get(deployment) ?? [] }));
}

type StatedPort = { readonly service: KubernetesObject; readonly port: Fields };

function portsOf(services: readonly KubernetesObject[]): StatedPort[] {
  return services.flatMap(service => items(service.spec?.ports).map(port => ({ service, port })));
}

const portProtocolConflict: TrafficRule = {
  id: 'deployment-port-protocol-conflict',
  codes: ['IST0116'],
  severity: 'warning',
  needs: ['Service', 'Workload'],
  title: 'Services of one Deployment have one port with TCP and with UDP',
  check(index, report) {
    for (const { deployment, services } of served(index)) {
      for (const [number, stated] of groupBy(portsOf(services), ({ port }) => String(port.port))) {
        if (new Set(stated.map(({ port }) => port.protocol ?? 'TCP')).size < 2) continue;
        // One Service with both is as meant, such as DNS: of UDP proxies take nothing.
        if (new Set(stated.map(({ service }) => service)).size === 1) continue;
        const names = [...new Set(stated.map(({ service }) => index.nameOf(service)))].sort();
        report(deployment, 'metadata.name', `port ${number} is TCP and UDP in ${names.join(', ')}, which select these pods, and a proxy takes it for one of them`, 'use different ports for the two protocols');
      }
    }
  },
};

const conflictingTargetPorts: TrafficRule = {
  id: 'deployment-conflicting-ports',
  codes: ['IST0137'],
  severity: 'warning',
  needs: ['Service', 'Workload'],
  title: 'Services of one Deployment lead to one port of it from different ports',
  check(index, report) {
    for (const { deployment, services } of served(index)) {
      for (const [target, stated] of groupBy(portsOf(services), ({ port }) => String(port.targetPort || port.port))) {
        const numbers = [...new Set(stated.map(({ port }) => Number(port.port)))].sort((a, b) => a - b);
        if (numbers.length < 2) continue;
        const names = [...new Set(stated.map(({ service }) => index.nameOf(service)))].sort();
        report(deployment, 'metadata.name', `port ${target} of these pods is reached at ports ${numbers.join(' and ')} of ${names.join(', ')}, and the receiving proxy applies the settings of one of them`, 'use one port in all Services, or a target port for each');
      }
    }
  },
};

const proxyUser: TrafficRule = {
  id: 'application-runs-as-proxy',
  codes: ['IST0144'],
  severity: 'warning',
  title: 'An application runs as the proxy\'s own user, 1337',
  check(index, report) {
    for (const { object, spec } of index.workloads.all) {
      if ((object.kind !== 'Pod' && object.kind !== 'Deployment') || isIstios(object)) continue;
      const prefix = object.kind === 'Pod' ? 'spec' : 'spec.template.spec';
      const places = [
        ...Number(spec.securityContext?.runAsUser) === 1337 ? [`${prefix}.securityContext.runAsUser`] : [],
        ...items(spec.containers).flatMap(({ name, securityContext }, c) => (
          name !== 'istio-proxy' && name !== 'istio-operator' && Number(securityContext?.runAsUser) === 1337 ? [`${prefix}.containers[${c}].securityContext.runAsUser`] : [])),
      ];
      if (places.length > 0) report(object, places[0], 'traffic of user 1337 is never led through the proxy, so that no rule holds for this application', 'run it as another user');
    }
  },
};

/** Rules about Deployments and the Services in front of them. */
export const DEPLOYMENT_RULES: readonly TrafficRule[] = [portProtocolConflict, conflictingTargetPorts, proxyUser];
