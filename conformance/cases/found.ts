import { ApiObject, Chart } from 'cdk8s';
import type { Case } from '../case';
import { gateway, stranger, web } from '../world';

interface Manifest { readonly apiVersion: string; readonly kind: string; readonly metadata: object; readonly spec: object }

/** Meshes of plain manifests that no construct would write. The fuzzer found them, or mistakes that they would reveal. */
function found(name: string, manifests: readonly Manifest[], options: Partial<Pick<Case, 'proxies' | 'meshConfig'>> = {}): Case {
  return {
    name: `found-${name}`,
    build: app => {
      const chart = new Chart(app, 'mesh');
      for (const [i, manifest] of manifests.entries()) new ApiObject(chart, String(i), manifest);
    },
    proxies: [web, stranger],
    states: [],
    ...options,
  };
}

const at = (second: number) => ({ creationTimestamp: `2025-01-01T00:00:0${second}Z` });
const networking = (kind: string) => (name: string, spec: object, metadata: object = {}): Manifest => (
  { apiVersion: 'networking.istio.io/v1', kind, metadata: { name, namespace: 'shop', ...metadata }, spec });
const [entry, rule, sidecar] = [networking('ServiceEntry'), networking('DestinationRule'), networking('Sidecar')];
const service = (name: string, spec: object = {}, metadata: object = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'shop', ...metadata },
  spec: {
    selector: { app: name },
    ports: [{ name: 'http', port: 80 }],
    ...spec,
  },
});
const deployment = (name: string, version: string, labels: object = {}): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: `${name}-${version}`, namespace: 'shop' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name, version } },
    template: { metadata: { labels: { app: name, version, ...labels } }, spec: { containers: [{ name: 'app', image: 'app' }] } },
  },
});

const HTTP = [{ number: 80, name: 'http', protocol: 'HTTP' }];
const TLS = { trafficPolicy: { tls: { mode: 'SIMPLE' } } };
const API = 'api.example.com';
const external = { location: 'MESH_EXTERNAL' };
const subsets = ['v1', 'v2'].map(name => ({ name, labels: { version: name } }));

export const foundCases: readonly Case[] = [
  found('namesakes-of-round-robin', [
    entry('first', { hosts: [API], ports: HTTP, resolution: 'DNS', endpoints: [{ address: 'eu.example.com' }], ...external }, at(1)),
    entry(
      'second',
      { hosts: [API], ports: HTTP, resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'us.example.com' }], ...external },
      at(2),
    ),
  ]),
  found('names-of-certificates-of-namesakes', [
    entry('first', { hosts: [API], ports: HTTP, resolution: 'DNS', subjectAltNames: ['one.example.com'], ...external }, at(1)),
    entry('second', { hosts: [API], ports: HTTP, resolution: 'DNS', subjectAltNames: ['two.example.com'], ...external }, at(2)),
    rule('api', { host: API, ...TLS }),
  ]),
  found('names-of-certificates-of-wildcards', [
    entry('wild', { hosts: ['*.example.com'], ports: HTTP, resolution: 'DYNAMIC_DNS', subjectAltNames: ['san.example.com'], ...external }),
    rule('wild', { host: '*.example.com', trafficPolicy: { ...TLS.trafficPolicy, proxyProtocol: { version: 'V2' } } }),
  ]),
  found('persistent-sessions', [
    deployment('catalog', 'v1'),
    service('catalog', {}, { labels: { 'istio.io/persistent-session': 'cookie' } }),
    rule('catalog', { host: 'catalog', subsets }),
  ]),
  found('headless-with-mutual-tls', [
    deployment(
      'catalog',
      'v1',
      { 'security.istio.io/tlsMode': 'istio' },
    ), service('catalog', { clusterIP: 'None' }), rule('catalog', { host: 'catalog', subsets }),
  ], { proxies: [web, gateway] }),
  found('passthrough-of-names', [
    entry('api', {
      hosts: [API],
      ports: HTTP,
      resolution: 'DNS',
      endpoints: [{ address: 'eu.example.com', labels: { version: 'v1' } }],
      ...external,
    }),
    rule('api', {
      host: API,
      trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } },
      subsets: [{ ...subsets[0], trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } }, subsets[1]],
    }),
  ]),
  found('passthrough-of-a-subset', [
    entry('api', {
      hosts: [API],
      ports: HTTP,
      resolution: 'DNS',
      endpoints: [{ address: 'eu.example.com', labels: { version: 'v1' } }],
      ...external,
    }),
    rule('api', { host: API, subsets: [{ ...subsets[0], trafficPolicy: { loadBalancer: { simple: 'PASSTHROUGH' } } }, subsets[1]] }),
  ]),
  found('another-port-of-the-original-destination', [
    entry('api', { hosts: [API], ports: [{ ...HTTP[0], targetPort: 8080 }], resolution: 'NONE', ...external }),
  ]),
  found('priorities-by-place', [
    entry('api', {
      hosts: [API],
      ports: HTTP,
      resolution: 'STATIC',
      endpoints: ['us-east/zone1', 'eu-west/zone2', 'eu-west/zone1'].map((locality, i) => ({ address: `10.1.1.${i + 1}`, locality })),
      ...external,
    }),
    rule('api', {
      host: API,
      trafficPolicy: {
        outlierDetection: { consecutive5xxErrors: 3 },
        loadBalancer: { localityLbSetting: { failoverPriority: ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone'] } },
      },
    }),
  ], { proxies: [{ ...web, locality: 'eu-west/zone1' }, { ...stranger, locality: 'us-east/zone1' }] }),
  found('policies-of-the-mesh', [deployment('catalog', 'v1'), service(
    'catalog',
    { ports: [{ name: 'http', port: 80 }, { name: 'any', port: 81 }] },
  ), rule('catalog', {
    host: 'catalog',
    trafficPolicy: { outlierDetection: { interval: '3s' } },
    subsets: [
      { ...subsets[0], trafficPolicy: { connectionPool: { tcp: { maxConnections: 3 } } } },
    ],
  })], {
    meshConfig: [
      'defaultTrafficPolicy: { connectionPool: { tcp: { maxConnections: 9 } }, outlierDetection: { consecutive5xxErrors: 4 } }',
      'h2UpgradePolicy: UPGRADE',
      'tcpKeepalive: { probes: 3, time: 7200s, interval: 75s }',
      'connectTimeout: 1.5s',
      'defaultConfig: { proxyHeaders: { preserveHttp1HeaderCase: true } }',
    ].join('\n'),
  }),
  found('no-automatic-mutual-tls', [deployment('catalog', 'v1'), service('catalog')], { meshConfig: 'enableAutoMtls: false' }),
  found('clear-text-in-a-namespace', [
    deployment('catalog', 'v1'), service('catalog'),
    {
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'default', namespace: 'shop' },
      spec: { mtls: { mode: 'DISABLE' } },
    },
  ]),
  found('preferred-zone', [deployment('catalog', 'v1'), service('catalog', { trafficDistribution: 'PreferClose' }), rule('catalog', {
    host: 'catalog', trafficPolicy: { outlierDetection: { minHealthPercent: 40 } },
  })]),
  found('wildcard-hides-the-exact-rule', [
    deployment('catalog', 'v1'), service('catalog'),
    rule('all', { host: '*.local', trafficPolicy: { connectionPool: { tcp: { maxConnections: 1 } } } }, { namespace: 'other' }),
    rule('catalog', { host: 'catalog', trafficPolicy: { connectionPool: { tcp: { maxConnections: 2 } } }, subsets }),
  ]),
  found('names-looked-up-at-a-port-for-connections', [
    entry('wild', { hosts: ['*.example.com'], ports: HTTP, resolution: 'DYNAMIC_DNS' }),
    sidecar('default', { egress: [{ port: { number: 80, name: 'tcp', protocol: 'TCP' }, hosts: ['*/*'] }] }),
  ], { proxies: [web] }),
  found('names-looked-up-by-server-name', [
    entry('wild', { hosts: ['*.example.com'], ports: [{ number: 443, name: 'tls', protocol: 'TLS' }], resolution: 'DYNAMIC_DNS' }),
  ], { proxies: [web] }),
  found('no-port-is-no-listener', [
    entry('api', { hosts: [API], resolution: 'STATIC', endpoints: [{ address: '10.1.1.1' }], ...external }),
    sidecar('default', { egress: [{ port: { number: 3128, name: 'http', protocol: 'HTTP' }, hosts: ['*/*'] }] }),
  ], { proxies: [web] }),
  found('mutual-tls-by-the-number-of-a-port', [
    entry('older', { hosts: [API], ports: [{ ...HTTP[0], name: 'http-out' }], location: 'MESH_INTERNAL' }, at(1)),
    entry('younger', {
      hosts: [API],
      ports: HTTP,
      resolution: 'STATIC',
      endpoints: [
        { address: '10.1.0.1', labels: { 'security.istio.io/tlsMode': 'istio' } },
      ],
    }, at(2)),
  ]),
];
