import { seeded } from '../../src/simulator/load/random';

type Fields = { readonly [field: string]: unknown };

const WILD = 'a.odd.example.com';
const OUTSIDE = ['api.example.com', 'nowhere.example.org', 'reviews.b.svc.cluster.local', WILD];
const HOSTS = [
  'alias', 'alias.b.svc.cluster.local', WILD, '*.odd.example.com', 'mixed', 'reviews.b.svc.cluster.local', 'hidden.b.svc.cluster.local',
  'named.example.org',
];

function object(apiVersion: string, kind: string, namespace: string, name: string, spec: Fields, annotations: Fields = {}): Fields {
  return { apiVersion, kind, metadata: { name, namespace, annotations }, spec };
}

function istio(kind: string, namespace: string, name: string, spec: Fields): Fields {
  return object('networking.istio.io/v1', kind, namespace, name, spec);
}

/** Routes to hosts without a cluster in some proxies, for reasons that other sets do not have. One set per seed. */
export function oddHosts(seed: number): string {
  const random = seeded(seed);
  const of = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)];
  const maybe = (share: number, fields: () => Fields): Fields => (random() < share ? fields() : {});
  const namespace = of(['a', 'b']);
  const destination = (): Fields => {
    const host = of(HOSTS);
    const port = of([80, 53, 443, 9999, undefined]);
    return { host, ...port !== undefined && { port: { number: port } }, ...maybe(0.2, () => ({ subset: 'odd' })) };
  };
  const entry = (name: string, host: string, more: Fields) => istio('ServiceEntry', of(['a', 'b']), name, { hosts: [host], ...more });
  const port = (number: number, protocol: string) => ({ number, name: `p-${number}`, protocol });
  const http = (number: number) => ({ name: 'http', port: number, protocol: 'TCP' });
  const exported = { 'networking.istio.io/exportTo': of(['.', 'b', 'a,b', '*']) };
  const objects = [
    object('v1', 'Service', of(['a', 'b']), 'alias', { type: 'ExternalName', externalName: of(OUTSIDE), ports: [http(of([80, 443]))] }),
    object('v1', 'Service', 'a', 'mixed', { selector: { app: 'multi' }, ports: [{ name: 'dns', port: 53, protocol: 'UDP' }, http(80)] }),
    object('v1', 'Service', 'b', 'hidden', { selector: { app: 'reviews' }, ports: [http(80)] }, exported),
    entry('wild', '*.odd.example.com', { ports: [port(80, 'HTTP')], resolution: of(['NONE', 'DYNAMIC_DNS']), location: 'MESH_EXTERNAL' }),
    ...random() < 0.5 ? [istio('ServiceEntry', 'b', 'second', {
      hosts: ['reviews.b.svc.cluster.local'], ports: [port(9999, 'HTTP')], resolution: 'STATIC', endpoints: [{ address: '10.9.9.9' }],
    })] : [],
    entry('named', 'named.example.org', {
      ports: [port(80, 'HTTP'), port(443, 'TLS')],
      resolution: 'DNS',
      ...maybe(0.4, () => ({ workloadSelector: { labels: { app: 'nobody' } } })),
    }),
    istio('DestinationRule', of(['a', 'b']), 'odd', {
      host: of(HOSTS), ...maybe(0.4, () => ({ exportTo: [of(['.', 'a', 'b'])] })), subsets: [{ name: 'odd', labels: { app: 'reviews' } }],
    }),
    istio('Gateway', 'a', 'odd', {
      selector: { app: 'gate' }, servers: [{ port: { number: 8081, name: 'http', protocol: 'HTTP' }, hosts: ['odd.example.net'] }],
    }),
    istio('VirtualService', namespace, 'odd', {
      hosts: ['odd.example.net'],
      gateways: of([['a/odd'], ['a/odd', 'mesh'], ['mesh']]),
      ...maybe(0.3, () => ({ exportTo: [of(['.', 'a'])] })),
      http: [1, 2, 3, 4].map(place => ({ match: [{ uri: { prefix: `/${place}` } }], route: [{ destination: destination() }] })),
    }),
    ...random() < 0.4 ? [istio('Sidecar', of(['a', 'b']), 'odd', {
      egress: [
        { port: { number: of([80, 443]), protocol: 'HTTP', name: 'http' }, hosts: ['*/*'] }, ...random() < 0.5 ? [{ hosts: ['./*'] }] : [],
      ],
    })] : [],
  ];
  return objects.map(one => JSON.stringify(one, null, 1)).join('\n---\n');
}
