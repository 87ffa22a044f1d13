import type { Controller } from './gateway-classes';
import { listenersOf, listenersOfSet, isManaged, serviceName } from './listener';
import { GROUP } from './references';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import type { ManifestOf } from '../manifest/manifest';

/** The label of the pods of a Gateway, with its name. */
export const GATEWAY_NAME = `${GROUP}/gateway-name`;

/** The label that names the controller of what Istio makes. */
export const MANAGED = 'gateway.istio.io/managed';

/** The Service that Istio makes for a Gateway; undefined for one that names Services. */
export function managedService(
  gateway: ManifestOf<'KubernetesGateway'>, sets: readonly ManifestOf<'ListenerSet'>[], controller: Controller,
): KubernetesObject | undefined {
  const { metadata: { name, namespace, creationTimestamp }, spec = {} } = gateway;
  if (!isManaged(spec)) return undefined;
  const listeners = [...listenersOf(gateway), ...sets.flatMap(set => listenersOfSet(set, gateway))].map(({ listener }) => listener);
  const numbers = new Set<number>();
  const names = new Set(['status-port']);
  const ports = listeners.flatMap(({ name: listener = '', port = 0, protocol = '' }) => {
    if (numbers.has(port)) return [];
    numbers.add(port);
    const portName = freeName(listener.replaceAll('.', '-').slice(0, LONGEST), port, names);
    return [{ name: portName, port, protocol: 'TCP', appProtocol: protocol.toLowerCase() }];
  });
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: serviceName(gateway, controller),
      ...namespace !== undefined && { namespace },
      ...creationTimestamp !== undefined && { creationTimestamp },
      labels: {
        ...labelsOf(gateway),
        [MANAGED]: `istio.io-${controller.isWaypoint ? 'mesh' : controller.isEastWest ? 'eastwest' : 'gateway'}-controller`,
        [GATEWAY_NAME]: name,
        [`${GROUP}/gateway-class-name`]: spec.gatewayClassName ?? '',
      },
      ...controller.isWaypoint && { annotations: { 'networking.istio.io/traffic-distribution': 'PreferClose' } },
    },
    spec: {
      type: controller.isWaypoint ? 'ClusterIP' : 'LoadBalancer',
      selector: { [GATEWAY_NAME]: name },
      ports: [{ name: 'status-port', port: 15021, protocol: 'TCP', appProtocol: 'tcp' }, ...ports],
    },
  };
}

/** The labels that a Gateway gives to what Istio makes for it: those that it states, else its own. */
function labelsOf({ metadata, spec }: ManifestOf<'KubernetesGateway'>): Labels {
  const labels = spec?.infrastructure?.labels ?? metadata.labels ?? {};
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !name.startsWith(`${GROUP}/`)));
}

/** The longest name of a port. */
const LONGEST = 63;

/** Port names are unique. */
function freeName(stated: string, port: number, taken: Set<string>): string {
  let name = stated;
  for (let suffix = `-${port}`; taken.has(name); suffix += 'x') name = `${stated.slice(0, LONGEST - suffix.length)}${suffix}`;
  taken.add(name);
  return name;
}
