import type { Dice } from './dice';
import { podProxyConfig } from './policies';
import { NAMESPACES, object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

type Fields = { [field: string]: unknown };

/** The labels of the gateways. */
export const INGRESS = { app: 'istio-ingressgateway', istio: 'ingressgateway' };
export const OWN = { istio: 'own' };

const HOSTS = [
  '*',
  'shop.example.com',
  '*.example.com',
  'api.example.com',
  '*/www.example.com',
  './shop.example.com',
  'shop/catalog.shop.svc.cluster.local',
  'other/*',
  '*/*',
  'Shop.Example.com',
];
const TLS_HOSTS = [
  'shop.example.com',
  '*.example.com',
  'api.example.com',
  'eu.pay.example.com',
  './www.example.com',
  'shop/shop.example.com',
  'example.org',
];

function server(dice: Dice, place: number): Fields {
  const hosts = (from: readonly string[]) => [...new Set(dice.times(1, 2, () => dice.pick(from)))];
  const bind = dice.chance(0.08) ? { bind: '10.0.0.1' } : {};
  const way = dice.int(1, 10);
  if (way <= 5) {
    const redirects = dice.chance(0.2) ? { tls: { httpsRedirect: true } } : {};
    return {
      port: { number: dice.pick([80, 80, 80, 8080]), name: `http-${place}`, protocol: dice.pick(['HTTP', 'HTTP', 'HTTP2', 'GRPC']) },
      hosts: hosts(HOSTS),
      ...redirects,
      ...bind,
    };
  }
  if (way <= 7) {
    const tls = dice.pick<Fields>([
      { mode: 'SIMPLE', credentialName: 'cert', ...dice.fields(0.4, { minProtocolVersion: () => 'TLSV1_2' }) },
      { mode: 'MUTUAL', credentialName: 'cert' },
      { mode: 'ISTIO_MUTUAL' },
    ]);
    return {
      port: { number: 443, name: dice.pick(['https', `https-${place}`]), protocol: 'HTTPS' },
      hosts: hosts(TLS_HOSTS),
      tls,
      ...bind,
    };
  }
  if (way === 8) {
    return {
      port: { number: 443, name: `tls-${place}`, protocol: dice.pick(['TLS', 'HTTPS']) },
      hosts: hosts(TLS_HOSTS),
      tls: { mode: 'PASSTHROUGH' },
    };
  }
  if (way === 9) return { port: { number: dice.pick([31400, 80]), name: `tcp-${place}`, protocol: 'TCP' }, hosts: hosts(HOSTS) };
  return {
    port: { number: 443, name: `tls-${place}`, protocol: 'TLS' },
    hosts: hosts(TLS_HOSTS),
    tls: { mode: 'SIMPLE', credentialName: 'cert' },
  };
}

function gateway(dice: Dice, name: string, namespace: string, selector: object): KubernetesObject {
  const servers = dice.times(1, 3, place => server(dice, place));
  const named = servers.map((each, place) => ({
    ...each,
    port: {
      ...each.port as Fields,
      name: `${(each.port as Fields).name as string}-${place}`,
    },
    ...dice.fields(0.1, { name: () => `server-${place}` }),
  }));
  return object(dice, 'networking.istio.io/v1', 'Gateway', name, namespace, { selector, servers: named });
}

/** The workload of a gateway, and its Service. */
function workload(dice: Dice, name: string, namespace: string, labels: { readonly [key: string]: string }): KubernetesObject[] {
  const annotations = dice.maybe(0.15, () => ({ 'proxy.istio.io/config': JSON.stringify(podProxyConfig(dice)) }));
  const spec = {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels, ...annotations && { annotations } },
      spec: { containers: [{ name: 'proxy', image: 'auto', ports: [{ name: 'named', containerPort: 8081 }] }] },
    },
  };
  const ports = [
    { name: 'http2', port: 80, targetPort: dice.pick<number | string>([8080, 8080, 'named']) },
    { name: 'https', port: 443, targetPort: 8443 },
    { name: 'tcp', port: 31400 },
  ];
  const services = dice.maybe(0.85, () => {
    const chosen = dice.some(ports, 0.9);
    const service = object(dice, 'v1', 'Service', name, namespace, { selector: labels, ports: chosen });
    return chosen.length > 0 ? [service] : [];
  });
  return [object(dice, 'apps/v1', 'Deployment', name, namespace, spec), ...services ?? []];
}

/** Gateways, often several per workload. */
export function gateways(dice: Dice): KubernetesObject[] {
  const main = gateway(dice, 'main', 'istio-system', dice.pick([{ istio: 'ingressgateway' }, INGRESS]));
  const second = dice.maybe(0.5, () =>
    gateway(dice, 'second', dice.chance(0.7) ? 'istio-system' : dice.pick(NAMESPACES), { istio: 'ingressgateway' }),
  );
  const own = dice.maybe(0.4, () => gateway(dice, 'own', 'shop', OWN));
  return [
    ...workload(dice, 'istio-ingressgateway', 'istio-system', INGRESS),
    ...workload(dice, 'own', 'shop', OWN),
    ...[main, second, own].filter(each => each !== undefined),
  ];
}
