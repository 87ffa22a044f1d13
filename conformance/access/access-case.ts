import { ATTACHED, authorizationPolicy, NAMESPACES, peerAuthentication, requestAuthentication } from './access-policies';
import { inboundMeshConfig, inboundObjects } from './inbound-settings';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { Dice } from '../fuzz/dice';
import type { FuzzCase } from '../fuzz/fuzz-case';
import { object } from '../fuzz/world';
import type { Proxy } from '../istiod/client';

const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web', version: 'v1' } },
  { name: 'other', type: 'sidecar', namespace: 'other', labels: { app: 'web' } },
  { name: 'root', type: 'sidecar', namespace: 'istio-system', labels: { app: 'web' } },
  { name: 'gateway', type: 'gateway', namespace: 'istio-system', labels: { istio: 'ingressgateway' } },
];

/** The same proxies, where the gateway is one of the Gateway API. */
const WITH_ATTACHED = PROXIES.map(proxy => (
  proxy.type === 'gateway' ? { ...proxy, labels: { ...proxy.labels, 'gateway.networking.k8s.io/gateway-name': ATTACHED } } : proxy));

const PORTS = [
  { name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 90, targetPort: 9090 }, { name: 'guessed', port: 91 }, {
    name: 'grpc',
    port: 92,
    targetPort: 'grpc',
  },
  { name: 'https', port: 443 }, { name: 'mongo', port: 27017 }, { name: 'http2-x', port: 93, targetPort: 8080 },
  { name: 'http-out', port: 94, targetPort: 15001 }, { name: 'http-in', port: 95, targetPort: 15006 },
];

function service(dice: Dice, name: string, namespace: string): KubernetesObject {
  const ports = dice.some(PORTS, 0.5);
  return object(dice, 'v1', 'Service', name, namespace, { selector: { app: 'web' }, ports: ports.length === 0 ? [PORTS[0]] : ports });
}

function deployment(namespace: string): KubernetesObject {
  const labels = { app: 'web', ...(namespace === 'shop' ? { version: 'v1' } : {}) };
  const containers = [{ name: 'web', ports: [{ name: 'grpc', containerPort: 7070, protocol: 'TCP' }] }];
  const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace }, spec };
}

const AUTHORIZER: KubernetesObject = {
  apiVersion: 'v1', kind: 'Service', metadata: { name: 'authz', namespace: 'other' }, spec: { ports: [{ name: 'grpc', port: 9000 }] },
};

const GATEWAY: readonly KubernetesObject[] = [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'Gateway',
    metadata: { name: 'gateway', namespace: 'istio-system' },
    spec: {
      selector: { istio: 'ingressgateway' },
      servers: [
        { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] },
        { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['a.example.com'], tls: { mode: 'SIMPLE', credentialName: 'a' } },
        { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
      ],
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: 'istio-system' },
    spec: {
      hosts: ['*'],
      gateways: ['gateway'],
      http: [{ route: [{ destination: { host: 'web.shop.svc.cluster.local', port: { number: 80 } } }] }],
      tcp: [{ match: [{ port: 9000 }], route: [{ destination: { host: 'web.shop.svc.cluster.local', port: { number: 80 } } }] }],
    },
  },
];

function sidecar(dice: Dice): KubernetesObject {
  const ingress = dice.some([
    { port: { number: 8080, name: 'http', protocol: 'HTTP' }, defaultEndpoint: '127.0.0.1:80' },
    { port: { number: 9999, name: 'tcp', protocol: 'TCP' }, defaultEndpoint: '127.0.0.1:81', bind: '127.0.0.1', captureMode: 'NONE' },
    { port: { number: 7777, name: 'guessed', protocol: 'HTTPS' }, defaultEndpoint: '127.0.0.1:82', bind: '0.0.0.0' },
  ], 0.5);
  return object(dice, 'networking.istio.io/v1', 'Sidecar', 'default', dice.pick(NAMESPACES), {
    egress: [{ hosts: ['*/*'] }],
    ...(ingress.length > 0 ? { ingress } : {}),
  });
}

function meshConfig(dice: Dice): { readonly [field: string]: unknown } {
  const authorizer = {
    service: dice.pick(['other/authz.other.svc.cluster.local', 'authz.other.svc.cluster.local', 'other/none.other']),
    port: 9000,
  };
  const more = dice.fields(0.3, {
    timeout: () => '2s',
    failOpen: () => true,
    statusOnError: () => '503',
    includeRequestBodyInCheck: () => ({ maxRequestBytes: 10 }),
  });
  return {
    extensionProviders: [
      { name: 'authz', envoyExtAuthzGrpc: { ...authorizer, ...more } },
      { name: 'authz-http', envoyExtAuthzHttp: { ...authorizer, ...more, pathPrefix: '/check', headersToUpstreamOnAllow: ['x-*'] } },
    ],
    ...dice.fields(0.25, {
      trustDomain: () => 'td1',
      trustDomainAliases: () => dice.pick([['old-td'], ['cluster.local', 'other.td']]),
      caCertificates: () => [{ pem: '', trustDomains: ['partner'] }],
      meshMTLS: () => ({ minProtocolVersion: dice.pick(['TLSV1_2', 'TLSV1_3']), cipherSuites: ['ECDHE-ECDSA-AES128-GCM-SHA256'] }),
      pathNormalization: () => ({ normalization: dice.pick(['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES']) }),
    }),
  };
}

/** The distance to the seeds of settings that are not about access. */
const INBOUND = 1_000_000;

/** The mesh for a seed: services, and the policies about who may call them. */
export function accessCase(seed: number): FuzzCase {
  const dice = new Dice(seed);
  const inbound = new Dice(seed + INBOUND);
  const objects = [
    AUTHORIZER, ...GATEWAY,
    ...NAMESPACES.map(deployment),
    ...NAMESPACES.flatMap(namespace => dice.times(0, 2, place => service(dice, `web-${place}`, namespace))),
    ...dice.times(0, 5, place => authorizationPolicy(dice, `policy-${place}`)),
    ...dice.times(0, 2, place => requestAuthentication(dice, `tokens-${place}`)),
    ...dice.times(0, 3, place => peerAuthentication(dice, `peers-${place}`)),
    ...dice.maybe(0.3, () => [sidecar(dice)]) ?? [],
    ...inboundObjects(inbound),
  ];
  const settings = { ...meshConfig(dice), ...inboundMeshConfig(inbound) };
  return { id: String(seed), objects, meshConfig: settings, proxies: dice.chance(0.3) ? WITH_ATTACHED : PROXIES };
}
