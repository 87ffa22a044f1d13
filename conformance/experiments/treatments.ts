import type { App } from 'cdk8s';
import { Duration } from 'cdk8s';
import type { Experiment, Result } from './experiment';
import { between, exactly } from './experiment';
import { inputOf } from '../case';
import { Backend } from '../envoy/backend';
import type { Request, Response } from '../envoy/load';
import { load, send } from '../envoy/load';
import { withEnvoy } from '../envoy/scenario';
import { World, web } from '../world';
import { CanaryRelease, FaultInjection, RequestPolicy, StringMatch, TrafficRoute } from 'cdk8s-istio';
import type { MeshService } from 'cdk8s-istio';

const HOST = 'catalog.shop.svc.cluster.local';
const PLAIN = `outbound|80||${HOST}`;

/** One request. */
type Ask = (path: string, more?: Partial<Request>) => Promise<Response>;

/** Statements about catalog, with a caller in the mesh. */
async function onCatalog(
  state: (world: World, catalog: MeshService) => void, run: (
    ask: Ask,
    backends: { readonly [version: string]: Backend },
    to: Request['to'],
  ) => Promise<Result[]>,
): Promise<Result[]> {
  const names = ['v1', 'v2', 'all'];
  const started = await Promise.all(names.map((name, i) => Backend.start({ name, host: `127.0.0.${i + 1}` })));
  const backends = Object.fromEntries(names.map((name, i) => [name, started[i]]));
  const manifests = inputOf({
    name: 'experiment',
    proxies: [],
    states: [],
    build: (app: App) => {
      const world = new World(app);
      state(world, world.catalog());
    },
  });
  const backendsOf = (cluster: string) =>
    cluster === PLAIN ? [backends.all] : names.filter(name => cluster === `outbound|80|${name}|${HOST}`).map(name => backends[name]);
  return withEnvoy({ manifests, proxy: web, listeners: ['0.0.0.0_80'], backendsOf }, started, async envoy => {
    const to = envoy.listener('0.0.0.0_80');
    return run((path, more) => send({ to, host: 'catalog', path, ...more }), backends, to);
  });
}

const CLIENTS = 20;
const EACH = 100;

export const stickyCanary: Experiment = {
  name: 'sticky canary',
  run: () => onCatalog((world, catalog) => {
    new CanaryRelease(world.traffic, 'Canary', {
      service: catalog,
      stable: catalog.subset('v1'),
      canary: catalog.subset('v2'),
      canaryPercent: 20,
      stickyCookie: {
        name: 'version',
        ttl: Duration.hours(1),
      },
    });
  }, async (ask, _backends, to) => {
    const population = await load({ to, host: 'catalog', path: '/items', callers: 4, count: 2000, seed: 1 });
    const clients = await Promise.all(Array.from({ length: CLIENTS }, async () => {
      const first = await ask('/items');
      const cookie = String(first.headers['set-cookie']).split(';')[0];
      const answers = await load({
        to,
        host: 'catalog',
        path: '/items',
        headers: { cookie: `other=1; ${cookie}` },
        callers: 1,
        count: EACH,
        seed: 1,
      });
      return { first: first.body, stayed: answers.answeredBy(first.body) };
    }));
    return [
      // One in 16,000 runs misses 4 standard errors of sqrt(2000 * 0.2 * 0.8) = 17.9.
      between(
        'new clients that the canary serves, of 2,000',
        population.answeredBy('v2'),
        328,
        472,
        '400, and 4 binomial standard errors of 17.9 either way',
      ),
      exactly(`answers from the first version, for each of ${CLIENTS} clients that come back ${EACH} times`, [
        ...new Set(clients.map(c => c.stayed)),
      ], [EACH],
      'the cookie decides; nothing random'),
    ];
  }),
};

export const conditionedFault: Experiment = {
  name: 'conditioned fault',
  run: () => onCatalog((world, catalog) => {
    new TrafficRoute(world.traffic, 'Items', {
      service: catalog,
      matches: [{ uri: StringMatch.prefix('/items') }],
      rewrite: { uri: '/v2/items' },
    });
    const matches = [{ headers: { 'x-chaos': StringMatch.present() } }];
    new FaultInjection(world.traffic, 'Chaos', { service: catalog, matches, abort: { httpStatus: 418, percentage: 100 } });
    const slow = [{ headers: { 'x-slow': StringMatch.present() } }];
    new FaultInjection(world.traffic, 'Slow', {
      service: catalog,
      matches: slow,
      delay: { fixedDelay: Duration.millis(700), percentage: 100 },
    });
  }, async (ask, { all }) => {
    const aborted = await ask('/items/7', { headers: { 'x-chaos': '1' } });
    const seen = all.requests.length;
    const start = performance.now();
    const delayed = await ask('/items/7', { headers: { 'x-slow': '1' } });
    const took = performance.now() - start;
    const plain = await ask('/items/7');
    const why = 'the header decides; nothing random';
    return [
      exactly('answer to a request with the header, and requests that the service saw', [aborted.status, seen], [418, 0], why),
      exactly('answer to a delayed request', delayed.status, 200, why),
      between('milliseconds that it took', took, 700, 1700, 'the delay, and a second for a busy machine'),
      exactly('answer to any other request', plain.status, 200, why),
      exactly(
        'paths that the service saw',
        all.requests.map(r => r.path),
        ['/v2/items/7', '/v2/items/7'],
        'the rewrite of the route applies to all of them',
      ),
    ];
  }),
};

export const routeTreatments: Experiment = {
  name: 'treatments of routes',
  run: () => onCatalog((world, catalog) => {
    const route = (id: string, props: object) =>
      new TrafficRoute(world.traffic, id, { service: catalog, matches: [{ uri: StringMatch.prefix(`/${id.toLowerCase()}`) }], ...props });
    route('Old', { redirect: { prefixRewrite: '/new', authority: 'shop.example.com', redirectCode: 308 } });
    route('Closed', { directResponse: { status: 503, body: 'closed' } });
    const cors = route('Cors', {
      cors: { allowOrigins: [StringMatch.exact('https://a.example.com')], allowMethods: ['PUT'], maxAge: Duration.minutes(1) },
    });
    route('Headers', { headers: { request: { set: { 'x-a': 'set' }, remove: ['x-b'] }, response: { add: { 'x-c': 'added' } } } });
    new RequestPolicy(world.traffic, 'InTime', { service: catalog, route: cors, timeout: Duration.seconds(5) });
  }, async (ask, { all }) => {
    const redirect = await ask('/old/a?b=c');
    const closed = await ask('/closed');
    const preflight = await ask('/cors', {
      method: 'OPTIONS',
      headers: { 'origin': 'https://a.example.com', 'access-control-request-method': 'PUT' },
    });
    const seen = all.requests.length;
    const headers = await ask('/headers', { headers: { 'x-a': 'mine', 'x-b': 'mine' } });
    const received = all.requests[all.requests.length - 1];
    const why = 'as configured; nothing random';
    return [
      exactly('redirect', [redirect.status, redirect.headers.location], [308, 'http://shop.example.com/new/a?b=c'], why),
      exactly('direct response', [closed.status, closed.body], [503, 'closed'], why),
      exactly('CORS preflight', [preflight.status, preflight.headers['access-control-allow-origin'], preflight.headers['access-control-allow-methods'],
        preflight.headers['access-control-max-age']], [200, 'https://a.example.com', 'PUT', '60'], why),
      exactly('requests that the service saw of these', seen, 0, 'Envoy answers them itself'),
      exactly(
        'header operations',
        [received.headers['x-a'], received.headers['x-b'] ?? null, headers.headers['x-c']],
        ['set', null, 'added'],
        why,
      ),
    ];
  }),
};
