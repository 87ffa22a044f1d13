import type { Case } from '../case';
import { gateway, stranger, web } from '../world';
import type { Manifest } from './plain-mesh';
import { at, deployment, entry, networking, plainMesh, rule, service, sidecar } from './plain-mesh';

/** Meshes of plain manifests that no construct would write. The fuzzer found them, or mistakes that they would reveal. */
const found = (name: string, manifests: readonly Manifest[], options?: Parameters<typeof plainMesh>[2]) => (
  plainMesh(`found-${name}`, manifests, options));

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
  found('failover-of-zone-aware-balancing', [
    entry('api', {
      hosts: [API],
      ports: HTTP,
      resolution: 'DNS',
      endpoints: ['eu-west/zone1', 'us-east/zone1', 'ap-south/zone1', ''].map((locality, i) => ({ address: `e${i}.example.com`, locality })),
      ...external,
    }),
    rule('api', {
      host: API,
      trafficPolicy: {
        outlierDetection: { consecutive5xxErrors: 3 },
        loadBalancer: { zoneAwareLbSetting: { enabled: true, failover: [{ from: 'eu-west', to: 'ap-south' }] } },
      },
    }),
  ], { proxies: [{ ...web, locality: 'eu-west/zone1' }, { ...stranger, locality: 'us-east/zone1' }] }),
  found('sockets', [
    entry('api', { hosts: [API], ports: HTTP, resolution: 'STATIC', endpoints: [{ address: 'unix:///var/run/api.sock' }], ...external }),
  ], { proxies: [web] }),
  found('rules-with-selectors', [
    deployment('catalog', 'v1'), service('catalog'),
    ...[['first', 'web', 1], ['second', 'web', 2], ['third', 'other', 3]].map(([name, app, maxConnections]) => rule(`${name}`, {
      host: 'catalog',
      workloadSelector: { matchLabels: { app } },
      trafficPolicy: { connectionPool: { tcp: { maxConnections } } },
      subsets: [{ ...subsets[0], name }],
    }, at(Number(maxConnections)))),
  ], { proxies: [web, { ...web, name: 'other', labels: { app: 'other' } }] }),
  found('ranges-of-one-network', ['10.1.0.0/16', '10.1.2.0/16', '10.2.0.0/16', '10.2.0.0/15'].map((range, i) => entry(`db-${i}`, {
    hosts: [`db-${i}.example.com`], addresses: [range], ports: [{ number: 5432, name: 'tcp', protocol: 'TCP' }], ...external,
  }, at(i + 1))), { proxies: [web] }),
  found('names-of-a-delegate', [
    deployment('catalog', 'v1'), service('catalog'),
    networking('VirtualService')('root', {
      hosts: ['catalog'],
      http: [{
        name: 'root', match: [{ name: 'outer', statPrefix: 'outer.', uri: { prefix: '/' } }], delegate: { name: 'part', namespace: 'shop' },
      }],
    }),
    networking('VirtualService')('part', {
      http: [{
        name: 'part', match: [{ name: 'inner', statPrefix: 'inner.', uri: { prefix: '/a' } }], route: [{ destination: { host: 'catalog' } }],
      }],
    }),
  ], { proxies: [web] }),
  found('mirrored-with-another-host', [
    deployment('catalog', 'v1'), service('catalog'), service('audit'),
    networking('VirtualService')('catalog', {
      hosts: ['catalog'], http: [{ route: [{ destination: { host: 'catalog' } }], mirror: { host: 'audit' } }],
    }),
  ], { proxies: [web], features: { DISABLE_SHADOW_HOST_SUFFIX: 'false' } }),
  found('namespace-of-the-command-line', [
    service('catalog', {}, { namespace: undefined }),
    rule('catalog', { host: 'catalog', trafficPolicy: { connectionPool: { tcp: { maxConnections: 3 } } } }, { namespace: undefined }),
  ], { namespace: 'shop' }),
];
