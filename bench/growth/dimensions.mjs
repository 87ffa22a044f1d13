// The dimensions in which a mesh grows. Each creates the objects of a mesh of size `n`, and with `isChanged` the same with another timeout
// in every tenth part.

const API = 'networking.istio.io/v1';
const HOST = 'shop.example.com';

const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const object = (apiVersion, kind, namespace, name, spec) => ({ apiVersion, kind, metadata: { name, namespace }, spec });
const istio = (kind, namespace, name, spec) => object(API, kind, namespace, name, spec);
const fullName = (name, namespace) => `${name}.${namespace}.svc.cluster.local`;
const service = (namespace, name, ports = [{ name: 'http', port: 80, targetPort: 8080 }]) =>
  object('v1', 'Service', namespace, name, { selector: { app: name }, ports });
const deployment = (namespace, app, version = 'v1') => object('apps/v1', 'Deployment', namespace, `${app}-${version}`, {
  selector: { matchLabels: { app, version } },
  template: {
    metadata: { labels: { app, version } },
    spec: { containers: [{ name: 'app', image: `example.com/${app}:${version}`, ports: [{ containerPort: 8080 }] }] },
  },
});
const destination = (host, subset) => ({ destination: { host, ...(subset && { subset }), port: { number: 80 } } });
const gateway = (name, servers, selector = 'edge') => istio('Gateway', 'shop', name, { selector: { istio: selector }, servers });
const plainServer = (hosts, number = 80) => ({ port: { number, name: `http-${number}`, protocol: 'HTTP' }, hosts });
const edge = { ...object('apps/v1', 'Deployment', 'shop', 'edge', {
  selector: { matchLabels: { istio: 'edge' } },
  template: { metadata: { labels: { istio: 'edge' } }, spec: { containers: [{ name: 'istio-proxy', image: 'auto' }] } },
}) };
/** A route of the part `i`, whose timeout differs in every tenth part. */
const route = (i, isChanged, match, of = destination(fullName('catalog', 'shop'))) => (
  { ...(match && { match: [].concat(match) }), route: [of], timeout: isChanged && i % 10 === 0 ? '7s' : '3s' });
const catalog = [service('shop', 'catalog'), deployment('shop', 'catalog')];
const toCatalog = (http, more = {}) => istio('VirtualService', 'shop', 'catalog', { hosts: [fullName('catalog', 'shop')], http, ...more });
const atEdge = (name, hosts, http) => istio('VirtualService', 'shop', name, { hosts, gateways: ['edge'], http });

/** Nested paths, in groups of 20. */
const nested = i => `/part-${Math.floor(i / 20)}${'/a'.repeat(i % 20)}`;

/** `base` is the size n. `make` creates the objects of any size. */
export const DIMENSIONS = {
  'services': { base: 250, make: (n, isChanged) => times(n, i => [
    service(`team-${i % 20}`, `service-${i}`),
    deployment(`team-${i % 20}`, `service-${i}`),
    istio('DestinationRule', `team-${i % 20}`, `service-${i}`, {
      host: `service-${i}`,
      trafficPolicy: { connectionPool: { tcp: { maxConnections: 100 } } },
    }),
    istio('VirtualService', `team-${i % 20}`, `service-${i}`, {
      hosts: [`service-${i}`],
      http: [route(i, isChanged, undefined, destination(`service-${i}`))],
    }),
  ]).flat() },
  'VirtualServices per host, at a gateway': { base: 500, make: (n, isChanged) => [...catalog, edge, gateway('edge', [plainServer([HOST])]),
    ...times(n, i => atEdge(`part-${i}`, [HOST], [route(i, isChanged, { uri: { prefix: `/part-${i}/` } })]))] },
  'VirtualServices per host, by header': { base: 500, make: (n, isChanged) => [...catalog, edge, gateway('edge', [plainServer([HOST])]),
    ...times(n, i => atEdge(`part-${i}`, [HOST], [route(i, isChanged, { headers: { tenant: { exact: `tenant-${i}` } } })]))] },
  'VirtualServices per host, in the mesh': { base: 500, make: (n, isChanged) => [...catalog,
    ...times(
      n,
      i =>
        istio('VirtualService', 'shop', `part-${i}`, {
          hosts: ['catalog'],
          http: [route(i, isChanged, { uri: { prefix: `/part-${i}/` } })],
        }),
    )] },
  'routes per VirtualService': { base: 500, make: (n, isChanged) => [...catalog,
    toCatalog(times(n, i => route(i, isChanged, { uri: { prefix: `/part-${i}/` } })))] },
  'routes per VirtualService, by header': { base: 500, make: (n, isChanged) => [...catalog,
    toCatalog(times(n, i => route(i, isChanged, { headers: { tenant: { exact: `tenant-${i}` } } })))] },
  'routes per VirtualService, by regex': { base: 500, make: (n, isChanged) => [...catalog,
    toCatalog(times(n, i => route(i, isChanged, { uri: { regex: `/part-${i}/[0-9]+` } })))] },
  'nested prefixes, the widest first': {
    base: 500,
    make: (n, isChanged) => [...catalog, toCatalog(times(n, i => route(i, isChanged, { uri: { prefix: nested(i) } })))],
  },
  'nested prefixes, the narrowest first': { base: 500, make: (n, isChanged) => [...catalog,
    toCatalog(times(n, i => route(i, isChanged, { uri: { prefix: nested(n - 1 - i) } })))] },
  'alternatives per route': { base: 500, make: (n, isChanged) => [...catalog, toCatalog(times(10, r => (
    route(r, isChanged, times(n / 10, i => ({ uri: { prefix: `/part-${r}-${i}/` }, headers: { tenant: { exact: `tenant-${i}` } } }))))))] },
  'routes of 20 alternatives': { base: 50, make: (n, isChanged) => [...catalog, toCatalog(times(n, r => (
    route(r, isChanged, times(20, i => ({ uri: { exact: `/part-${r}/${i}` } }))))))] },
  'hosts per gateway': { base: 250, make: (n, isChanged) => [...catalog, edge, gateway(
    'edge',
    [plainServer(times(n, i => `shop-${i}.example.com`))],
  ),
    ...times(n, i => atEdge(`shop-${i}`, [`shop-${i}.example.com`], [route(i, isChanged)]))] },
  'hosts per VirtualService': { base: 250, make: (n, isChanged) => [...catalog, edge, gateway('edge', [plainServer(['*.example.com'])]),
    atEdge('shops', times(n, i => `shop-${i}.example.com`), times(3, i => route(i, isChanged, { uri: { prefix: `/part-${i}/` } })))] },
  'Gateways per port': { base: 250, make: (n, isChanged) => [...catalog, edge, ...times(n, i => [
    gateway(`shop-${i}`, [plainServer([`shop-${i}.example.com`])]),
    istio('VirtualService', 'shop', `shop-${i}`, {
      hosts: [`shop-${i}.example.com`],
      gateways: [`shop-${i}`],
      http: [route(i, isChanged)],
    }),
  ]).flat()] },
  'servers per gateway, with TLS': { base: 250, make: (n, isChanged) => [...catalog, edge,
    gateway('edge', times(n, i => (
      {
        port: { number: 443, name: `https-${i}`, protocol: 'HTTPS' },
        hosts: [`shop-${i}.example.com`],
        tls: { mode: 'SIMPLE', credentialName: `shop-${i}` },
      }))),
    ...times(n, i => atEdge(`shop-${i}`, [`shop-${i}.example.com`], [route(i, isChanged)]))] },
  'Sidecars': { base: 100, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(n, i => [
    deployment('shop', `web-${i}`),
    istio('Sidecar', 'shop', `web-${i}`, { workloadSelector: { labels: { app: `web-${i}` } }, egress: [{ hosts: ['./*'] }] }),
  ]).flat()] },
  'namespaces': { base: 100, make: (n, isChanged) => times(n, i => [
    service(`team-${i}`, 'web'), deployment(`team-${i}`, 'web'), toTeam(i, isChanged),
  ]).flat() },
  'namespaces with a Sidecar': { base: 100, make: (n, isChanged) => times(n, i => [
    service(`team-${i}`, 'web'), deployment(`team-${i}`, 'web'), toTeam(i, isChanged),
    istio('Sidecar', `team-${i}`, 'default', { egress: [{ hosts: ['./*', 'istio-system/*'] }] }),
  ]).flat() },
  'subsets per DestinationRule': { base: 250, make: (n, isChanged) => [catalog[0], ...times(n, i => deployment('shop', 'catalog', `v${i}`)),
    istio('DestinationRule', 'shop', 'catalog', {
      host: 'catalog',
      subsets: times(n, i => ({ name: `v${i}`, labels: { version: `v${i}` } })),
    }),
    toCatalog(
      times(n, i =>
        route(i, isChanged, { headers: { version: { exact: `v${i}` } } }, destination(fullName('catalog', 'shop'), `v${i}`)),
      ),
    )] },
  'DestinationRules per host': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(n, i => (
    istio('DestinationRule', 'shop', `catalog-${i}`, { host: 'catalog', subsets: [{ name: `v${i}`, labels: { version: `v${i}` } }] })))] },
  'DestinationRules per host, for selected callers': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(n, i => [
    deployment('shop', `web-${i}`),
    istio('DestinationRule', 'shop', `catalog-${i}`, {
      host: 'catalog', workloadSelector: { matchLabels: { app: `web-${i}` } }, trafficPolicy: {
        connectionPool: { tcp: { maxConnections: 100 } },
      },
    }),
  ]).flat()] },
  'DestinationRules per host, for selected and all callers': { base: 250, make: (n, isChanged) => [
    ...catalog, toCatalog([route(0, isChanged)]), ...times(n / 2, i => [
      istio('DestinationRule', 'shop', `all-${i}`, { host: 'catalog', subsets: [{ name: `v${i}`, labels: { version: `v${i}` } }] }),
      istio('DestinationRule', 'shop', `some-${i}`, { host: 'catalog', workloadSelector: { matchLabels: { app: `web-${i}` } } }),
    ]).flat()] },
  'wildcard VirtualServices': { base: 250, make: (n, isChanged) => [...catalog, ...times(n, i => [
    istio('ServiceEntry', 'shop', `part-${i}`, {
      hosts: [`api.part-${i}.example.com`], ports: [{ number: 8080, name: 'http', protocol: 'HTTP' }], resolution: 'DNS',
    }),
    istio('VirtualService', 'shop', `part-${i}`, {
      hosts: [`*.part-${i}.example.com`], http: [
        route(i, isChanged, undefined, { destination: { host: `api.part-${i}.example.com`, port: { number: 8080 } } }),
      ],
    }),
  ]).flat()] },
  'WorkloadEntries': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(n, i => [
    istio('ServiceEntry', 'shop', `vm-${i}`, { hosts: [`vm-${i}.example.com`], ports: [
      { number: 80, name: 'http', protocol: 'HTTP' },
    ], resolution: 'STATIC',
      workloadSelector: { labels: { app: `vm-${i}` } } }),
    istio('WorkloadEntry', 'shop', `vm-${i}`, { address: `10.1.${Math.floor(i / 250)}.${i % 250}`, labels: { app: `vm-${i}` } }),
  ]).flat()] },
  'ServiceEntries': { base: 250, make: (n, isChanged) => [...catalog, ...times(n, i => [
    istio('ServiceEntry', 'shop', `api-${i}`, {
      hosts: [`api-${i}.example.com`],
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      resolution: 'DNS',
    }),
    istio('VirtualService', 'shop', `api-${i}`, {
      hosts: [`api-${i}.example.com`],
      http: [route(i, isChanged, undefined, destination(`api-${i}.example.com`))],
    }),
  ]).flat()] },
  'hosts per ServiceEntry': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), istio('ServiceEntry', 'shop', 'apis', {
    hosts: times(n, i => `api-${i}.example.com`), ports: [{ number: 80, name: 'http', protocol: 'HTTP' }], resolution: 'DNS',
  })] },
  'delegates': { base: 250, make: (n, isChanged) => [...catalog, edge, gateway('edge', [plainServer([HOST])]),
    atEdge(
      'root',
      [HOST],
      times(n, i => ({ match: [{ uri: { prefix: `/part-${i}/` } }], delegate: { name: `part-${i}`, namespace: 'shop' } })),
    ),
    ...times(n, i => istio('VirtualService', 'shop', `part-${i}`, { http: [route(i, isChanged, { uri: { prefix: `/part-${i}/a` } })] }))] },
  'destinations per route': { base: 250, make: (n, isChanged) => [...times(
    n,
    i => [service('shop', `item-${i}`), deployment('shop', `item-${i}`)],
  ).flat(), ...catalog,
    toCatalog([{ route: times(n, i => ({ ...destination(`item-${i}`), weight: 1 })), timeout: isChanged ? '7s' : '3s' }])] },
  'pods per service': {
    base: 250,
    make: (n, isChanged) => [catalog[0], toCatalog([route(0, isChanged)]), ...times(n, i => deployment('shop', 'catalog', `v${i}`))],
  },
  'egress hosts per Sidecar': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(
    n,
    i => service('other', `item-${i}`),
  ),
    istio('Sidecar', 'shop', 'default', { egress: [{ hosts: ['./*', ...times(n, i => `other/${fullName(`item-${i}`, 'other')}`)] }] })] },
  'Telemetries': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(n, i => [
    deployment('shop', `web-${i}`),
    object('telemetry.istio.io/v1', 'Telemetry', 'shop', `web-${i}`, {
      selector: { matchLabels: { app: `web-${i}` } },
      tracing: [{ randomSamplingPercentage: 10 }],
    }),
  ]).flat()] },
  'policies per namespace': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(n, i => [
    service('shop', `web-${i}`, [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'tcp', port: 9000 }]), deployment('shop', `web-${i}`),
    security('AuthorizationPolicy', 'shop', `web-${i}`, { selector: { matchLabels: { app: `web-${i}` } }, rules: [
      { from: [{ source: { principals: [`cluster.local/ns/shop/sa/web-${i}`] } }], to: [{ operation: { methods: ['GET'] } }] },
      { from: [{ source: { requestPrincipals: ['*'] } }] },
    ] }),
    security('AuthorizationPolicy', 'shop', `deny-${i}`, { selector: { matchLabels: { app: `web-${i}` } }, action: 'DENY', rules: [
      { to: [{ operation: { paths: [`/admin-${i}`], ports: ['8080'] } }] },
    ] }),
    security('PeerAuthentication', 'shop', `web-${i}`, { selector: { matchLabels: { app: `web-${i}` } }, mtls: { mode: 'STRICT' } }),
    security('RequestAuthentication', 'shop', `web-${i}`, {
      selector: { matchLabels: { app: `web-${i}` } }, jwtRules: [{ issuer: 'issuer', jwksUri: 'https://issuer.example/keys' }],
    }),
  ]).flat()] },
  'policies of a whole namespace': { base: 250, make: (n, isChanged) => [...catalog, toCatalog([route(0, isChanged)]), ...times(n, i => [
    service('shop', `web-${i}`), deployment('shop', `web-${i}`),
    security('AuthorizationPolicy', 'shop', `all-${i}`, { rules: [{ from: [{ source: { namespaces: [`team-${i}`], requestPrincipals: ['*'] } }] }] }),
    security('AuthorizationPolicy', 'shop', `deny-${i}`, { action: 'DENY', rules: [
      { to: [{ operation: { paths: [`/admin-${i}`], methods: ['GET'] } }] },
    ] }),
  ]).flat()] },
};

function security(kind, namespace, name, spec) {
  return object('security.istio.io/v1', kind, namespace, name, spec);
}

function toTeam(i, isChanged) {
  return istio('VirtualService', `team-${i}`, 'web', { hosts: ['web'], http: [route(i, isChanged, undefined, destination('web'))] });
}
