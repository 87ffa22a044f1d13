// Routing decisions per second on one core: a sidecar that sees 1,000 services, each with a VirtualService of two routes and a
// DestinationRule.
import { createRequire } from 'node:module';

const { Mesh } = createRequire(import.meta.url)('cdk8s-istio/simulator');
const SERVICES = 1000;
const ROUNDS = 100;

const object = (apiVersion, kind, name, spec) => ({ apiVersion, kind, metadata: { name, namespace: 'shop' }, spec });
const istio = (kind, name, spec) => object('networking.istio.io/v1', kind, name, spec);
const to = (host, subset, weight) => ({ destination: { host, subset, port: { number: 80 } }, ...(weight && { weight }) });

function manifests(uri) {
  return Array.from({ length: SERVICES }, (_, i) => `svc-${i}`).flatMap(name => [
    object('v1', 'Service', name, { ports: [{ name: 'http', port: 80 }] }),
    istio('DestinationRule', name, { host: name, subsets: ['v1', 'v2'].map(subset => ({ name: subset, labels: { version: subset } })) }),
    istio('VirtualService', name, {
      hosts: [name],
      http: [
        { match: [{ uri: uri('items'), headers: { 'x-cohort': { exact: 'internal' } } }], route: [to(name, 'v2')] },
        { match: [{ uri: uri('orders') }], route: [to(name, 'v1', 90), to(name, 'v2', 10)] },
      ],
    }),
  ]);
}

/** Decisions per second, the best of five rounds: other load on the machine can only slow a round down. */
function perSecond(uri) {
  const sidecar = Mesh.fromManifests(manifests(uri)).sidecar({ namespace: 'shop' });
  const urls = Array.from({ length: SERVICES }, (_, i) => `http://svc-${i}/orders/${i}`);
  const options = { headers: { 'x-cohort': 'public' } };
  const round = () => {
    const start = process.hrtime.bigint();
    let shares = 0;
    for (let i = 0; i < ROUNDS; i++) for (const url of urls) shares += sidecar.get(url, options).split.length;
    if (shares !== 2 * ROUNDS * SERVICES) throw new Error('a request went elsewhere');
    return ROUNDS * SERVICES * 1e9 / Number(process.hrtime.bigint() - start);
  };
  round();
  return Math.max(...Array.from({ length: 5 }, round));
}

const figures = [
  ['without regexes', perSecond(segment => ({ prefix: `/${segment}/` })), 300_000],
  ['with one RE2 per route', perSecond(segment => ({ regex: `/${segment}/[0-9]+` })), 30_000],
];
for (const [name, figure, least] of figures) {
  console.log(`${name}: ${Math.round(figure / 1000)},000 decisions per second, at least ${least / 1000},000`);
  if (figure < least) process.exitCode = 1;
}
