import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { authorizationPolicy, requestAuthentication } from '../access/access-policies';
import { Dice } from '../fuzz/dice';
import type { FuzzCase } from '../fuzz/fuzz-case';
import type { Json, Proxy } from '../istiod/client';

const LABELS = { 'istio': 'ingressgateway', 'gateway.networking.k8s.io/gateway-name': 'public' };
const GATEWAY: Proxy = { name: 'gateway', type: 'gateway', namespace: 'edge', labels: LABELS };
/** The namespace of the gateway, the root namespace, and one whose policies do not count. */
const NAMESPACES = ['edge', 'edge', 'edge', 'istio-system', 'other'] as const;

const networking = (kind: string, name: string, spec: object): KubernetesObject => (
  { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'edge' }, spec });

const TO_WEB = [{ destination: { host: 'web.shop.svc.cluster.local', port: { number: 80 } } }];

const WORLD: readonly KubernetesObject[] = [
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'authz', namespace: 'other' }, spec: { ports: [{ name: 'grpc', port: 9000 }] } },
  networking('Gateway', 'public', {
    selector: { istio: 'ingressgateway' },
    servers: [
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] },
      { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['a.example.com'], tls: { mode: 'SIMPLE', credentialName: 'a' } },
      { port: { number: 9000, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] },
    ],
  }),
];

/** The claims of generated tokens, nested ones and lists among them. */
const CLAIMS = [
  '@request.auth.claims.groups', '@request.auth.claims[groups]', '@request.auth.claims.a.b', '@request.auth.claims[a][b][c]',
  '@request.auth.claims[scope]', '@request.auth.claims[azp]', '@request.auth.claims.sub', '@request.auth.claims.aud',
  '@request.auth.claims[exp]', '@request.auth.claims[missing]',
];

function onClaims(dice: Dice): object {
  const value = () => dice.pick([{ exact: 'a' }, { exact: 'ab' }, { prefix: 'a' }, { prefix: 'x' }, { regex: '.*b' }, { regex: '.*' }, { exact: 'a b' }]);
  return Object.fromEntries(dice.times(1, 2, () => [dice.pick(CLAIMS), value()]));
}

/** Routes, most of which match claims of tokens, some inverted. */
function routes(dice: Dice): readonly object[] {
  const rules = dice.times(0, 4, () => ({
    match: dice.times(1, 2, () => ({
      ...dice.maybe(0.3, () => ({ uri: { prefix: dice.pick(['/api', '/t', '/x']) } })),
      headers: { ...dice.maybe(0.8, () => onClaims(dice)), ...dice.maybe(0.2, () => ({ 'x-tenant': { exact: 'a' } })) },
      ...dice.maybe(0.3, () => ({ withoutHeaders: onClaims(dice) })),
    })),
    route: TO_WEB,
  }));
  return [...rules, ...(rules.length === 0 || dice.chance(0.8) ? [{ route: TO_WEB }] : [])];
}

function web(dice: Dice): KubernetesObject {
  return networking('VirtualService', 'web', {
    hosts: ['*'], gateways: ['public'], http: routes(dice), tcp: [{ match: [{ port: 9000 }], route: TO_WEB }],
  });
}

/** How a policy is attached to the gateway, or not. */
const ATTACHED: readonly object[] = [
  {}, {}, { selector: { matchLabels: { istio: 'ingressgateway' } } }, { selector: { matchLabels: { istio: 'ingressgateway' } } },
  { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public' }] },
  { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'another' }] },
  { selector: { matchLabels: { app: 'web' } } },
];

function attached(policy: KubernetesObject, dice: Dice): KubernetesObject {
  const { selector: _, ...spec } = policy.spec as Json;
  return { ...policy, metadata: { ...policy.metadata, namespace: dice.pick(NAMESPACES) }, spec: { ...spec, ...dice.pick(ATTACHED) } };
}

/** A policy of which the address and the port of the caller decide, which few others do. */
function ofAddresses(dice: Dice): KubernetesObject {
  const blocks = () => dice.pick([['10.1.2.0/24'], ['10.1.2.3/16'], ['10.0.0.1', '10.9.9.9'], ['0.0.0.0/0']]);
  const source = dice.fields(0.5, {
    ipBlocks: blocks, notIpBlocks: blocks, remoteIpBlocks: blocks, notRemoteIpBlocks: blocks,
  });
  const ports = dice.maybe(0.3, () => ({ to: [{ operation: { ports: [dice.pick(['80', '443', '9000'])] } }] }));
  return {
    apiVersion: 'security.istio.io/v1',
    kind: 'AuthorizationPolicy',
    metadata: { name: 'addresses', namespace: 'edge' },
    spec: {
      action: dice.pick(['ALLOW', 'DENY']),
      rules: [{ ...(Object.keys(source).length > 0 ? { from: [{ source }] } : {}), ...ports }],
    },
  };
}

function meshConfig(dice: Dice): { readonly [field: string]: unknown } {
  const authorizer = { service: 'authz.other.svc.cluster.local', port: 9000 };
  const more = dice.fields(0.3, { failOpen: () => true, statusOnError: () => '503', includeRequestBodyInCheck: () => ({ maxRequestBytes: 10 }) });
  const proxyProtocol = () => (dice.chance(0.5) ? {} : undefined);
  return {
    extensionProviders: [
      { name: 'authz', envoyExtAuthzGrpc: { ...authorizer, ...more } },
      { name: 'authz-http', envoyExtAuthzHttp: { ...authorizer, ...more, pathPrefix: '/check' } },
    ],
    defaultConfig: {
      gatewayTopology: dice.fields(0.5, { numTrustedProxies: () => dice.pick([1, 1, 2]), proxyProtocol }),
    },
    ...dice.maybe(0.5, () => (
      { pathNormalization: { normalization: dice.pick(['NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES']) } })),
  };
}

/** The mesh for a seed: a gateway with a server of each kind, routes that match claims, and policies about who may call it. */
export function gatewayCase(seed: number): FuzzCase {
  const dice = new Dice(seed);
  const objects = [
    ...WORLD,
    web(dice),
    ...dice.maybe(0.4, () => [ofAddresses(dice)]) ?? [],
    ...dice.times(0, 3, place => attached(authorizationPolicy(dice, `policy-${place}`), dice)),
    ...dice.times(0, 2, place => attached(requestAuthentication(dice, `tokens-${place}`), dice)),
  ];
  return { id: `gateway ${seed}`, objects, proxies: [GATEWAY], meshConfig: meshConfig(dice) };
}
