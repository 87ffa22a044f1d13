import type { Dice } from './dice';
import { exportTo, NAMESPACES, object, SERVICES, VERSIONS } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

const PORTS = [
  { name: 'http', port: 80, targetPort: 8080 },
  { name: 'http-admin', port: 8080, targetPort: 'admin' },
  { name: 'grpc', port: 9000 },
  { name: 'grpc-web-x', port: 9001 },
  { name: 'http2-x', port: 9002, targetPort: 'missing' },
  { name: 'tcp-data', port: 5432 },
  { name: 'tls-x', port: 6443 },
  { name: 'https', port: 443, targetPort: 8443 },
  { name: 'any', port: 7000 },
  { name: 'mysql', port: 3306 },
  { name: 'what', port: 3306 },
  { name: 'dns', port: 53, protocol: 'UDP' },
  { name: 'named', port: 7001, appProtocol: 'http' },
  { name: 'http-ws', port: 7002, appProtocol: 'kubernetes.io/wss' },
  { name: 'tcp-h2c', port: 7003, appProtocol: 'kubernetes.io/h2c' },
  { name: 'http-odd', port: 7004, appProtocol: 'example.com/odd' },
  { name: 'redis', port: 6379 },
  { name: 'mongo-x', port: 27017 },
];

const CONTAINERS = [
  {
    name: 'app',
    image: 'app',
    ports: [{ name: 'admin', containerPort: 9901, protocol: 'TCP' }, { containerPort: 8080 }],
  }, { name: 'side', image: 'side' },
];

/** A Service, and the Deployments of some of its versions. */
export function service(dice: Dice, name: string, namespace: string): KubernetesObject[] {
  const annotations = {
    ...(dice.chance(0.15) ? { 'networking.istio.io/exportTo': exportTo(dice, namespace).join(',') } : {}),
    ...(dice.chance(0.05) ? { 'networking.istio.io/traffic-distribution': dice.pick(['PreferClose', 'prefersamenode', 'Odd']) } : {}),
    ...(dice.chance(0.05) ? { 'alpha.istio.io/kubernetes-serviceaccounts': 'one,two' } : {}),
  };
  const labels = dice.chance(0.1) ? { 'istio.io/persistent-session': 'cookie' } : undefined;
  const all = dice.some(PORTS, 0.2);
  const ports = all.length === 0 ? [PORTS[0]] : all.filter(({ port }, place) => all.findIndex(other => other.port === port) === place);
  const spec = { selector: { app: name }, ports, ...kindOf(dice) };
  const workloads = dice.some(VERSIONS).map(version => deployment(dice, name, version, namespace));
  return [...workloads, object(dice, 'v1', 'Service', name, namespace, spec, { annotations, ...(labels ? { labels } : {}) })];
}

function kindOf(dice: Dice): object {
  const kind = dice.int(1, 100);
  if (kind <= 12) return { clusterIP: 'None' };
  if (kind <= 18) return { type: 'ExternalName', externalName: dice.pick(['api.example.com', 'catalog.shop.svc.cluster.local']) };
  if (kind <= 24) return { clusterIP: `10.96.0.${dice.int(1, 250)}` };
  return kind <= 30 ? { trafficDistribution: dice.pick(['PreferClose', 'PreferSameZone', 'PreferSameNode']) } : {};
}

function deployment(dice: Dice, app: string, version: string, namespace: string): KubernetesObject {
  const labels = { app, version, ...(dice.chance(0.4) ? { 'security.istio.io/tlsMode': dice.pick(['istio', 'istio', 'disabled']) } : {}) };
  const account = dice.chance(0.2) ? { serviceAccountName: dice.pick(['one', 'two']) } : {};
  const template = { metadata: { labels }, spec: { containers: CONTAINERS, ...account } };
  const spec = { replicas: dice.int(0, 3), selector: { matchLabels: { app, version } }, template };
  return object(dice, 'apps/v1', 'Deployment', `${app}-${version}`, namespace, spec);
}

/** Services with some names in some namespaces, at least one. */
export function services(dice: Dice): KubernetesObject[] {
  const places = NAMESPACES.slice(0, 2).flatMap(namespace => SERVICES.map(name => [name, namespace] as const));
  const chosen = dice.some(places, 0.4);
  return (chosen.length === 0 ? [places[0]] : chosen).flatMap(([name, namespace]) => service(dice, name, namespace));
}
