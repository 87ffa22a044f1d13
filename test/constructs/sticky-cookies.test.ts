import { Duration } from 'cdk8s';
import type { Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import type { Audience, IPublicHost, ITrafficRoute, Subset } from 'cdk8s-istio';
import {
  Audience as Audiences, CanaryRelease, ConsistentHash, DelegatedHost, Delegation, IngressGateway, LoadBalancerPolicy, MeshService,
  PublicHost, ServicePort, StringMatch, TrafficRoute,
} from 'cdk8s-istio';

let chart: Chart;
beforeEach(() => { chart = newChart(); });

function serviceOf(name: string): MeshService {
  const service = new MeshService(chart, name, { name, ports: [ServicePort.http(80)] });
  for (const version of ['v1', 'v2', 'v3']) service.addSubset(version, { labels: { version } });
  return service;
}

interface Canary {
  readonly cookie?: string;
  readonly version?: string;
  readonly route?: ITrafficRoute;
  readonly audiences?: Audience[];
}

function canary(service: MeshService, id: string, { cookie, version = 'v2', route, audiences }: Canary): void {
  new CanaryRelease(service, id, {
    service,
    stable: service.subset('v1'),
    canary: service.subset(version),
    canaryPercent: 10,
    route,
    audiences,
    stickyCookie: { name: cookie, ttl: Duration.hours(1) },
  });
}

const cookiesSet = () => [...new Set(JSON.stringify(manifests(chart)).match(/[\w-]+=v1; Max-Age/g))].sort();

describe('two sticky canaries of one public host', () => {
  const exposed = (host: IPublicHost, prefix: string, cookies: readonly (string | undefined)[]) => {
    for (const [i, name] of ['cart', 'catalog'].entries()) {
      const service = serviceOf(name);
      service.exposeVia(host, { pathPrefix: `${prefix}/${name}` });
      canary(service, 'Canary', { cookie: cookies[i], audiences: [Audiences.publicHost(host)] });
    }
  };
  const publicHost = () => new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
  const delegatedHost = () =>
    new DelegatedHost(chart, 'Host', { host: 'shop.example.com', pathPrefix: '/team', name: 'team', rootNamespace: 'edge' });

  test('have different cookies by default', () => {
    exposed(publicHost(), '', [undefined, undefined]);
    expect(cookiesSet()).toEqual(['cart-cart-canary=v1; Max-Age', 'catalog-catalog-canary=v1; Max-Age']);
  });

  test('may have cookies whose names differ in case, because cookies are case-sensitive', () => {
    exposed(publicHost(), '', ['version', 'Version']);
    expect(cookiesSet()).toEqual(['Version=v1; Max-Age', 'version=v1; Max-Age']);
  });

  test.each<[string, () => IPublicHost, string]>([['the host', publicHost, ''], ['a delegated path', delegatedHost, '/team']])(
    'cannot share a name on %s, because the cookie of one would select the version of the other', (_, hostOf, prefix) => {
      exposed(hostOf(), prefix, ['version', 'version']);
      expect(errorOf(() => manifests(chart))).toContain("chart/catalog/Canary stores its version in the cookie 'version', as chart/cart/Canary "
        + "does for requests to the same host 'shop.example.com'");
    });
});

describe('sticky canaries on a public host and on a path of it that is delegated', () => {
  const publicHost = () => new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
  const delegation = (host: PublicHost) => new Delegation(chart, 'Team', { publicHost: host, pathPrefix: '/team', namespace: 'team' });
  const elsewhere = (host: PublicHost) => {
    new Delegation(chart, 'Team', { publicHost: host, pathPrefix: '/team', namespace: 'team', name: 'team', ownedElsewhere: true });
    return new DelegatedHost(chart, 'Part', { host: host.hostName, pathPrefix: '/team', name: 'team', rootNamespace: 'shop', namespace: 'team' });
  };
  const sticky = (name: string, host: IPublicHost, cookie: string) => {
    const service = serviceOf(name);
    service.exposeVia(host);
    canary(service, 'Canary', { cookie, audiences: [Audiences.publicHost(host)] });
    return service;
  };

  test.each([['Delegation', delegation], ['DelegatedHost', elsewhere]])('cannot share a name, with a %s', (_, partOf) => {
    const host = publicHost();
    sticky('cart', host, 'version');
    sticky('catalog', partOf(host), 'version');
    expect(errorOf(() => manifests(chart))).toContain("chart/catalog/Canary stores its version in the cookie 'version', as chart/cart/Canary "
      + "does for requests to the same host 'shop.example.com'");
  });

  test('may have different names', () => {
    const host = publicHost();
    sticky('cart', host, 'of-cart');
    sticky('catalog', delegation(host), 'of-catalog');
    expect(cookiesSet()).toEqual(['of-cart=v1; Max-Age', 'of-catalog=v1; Max-Age']);
  });

  test('cannot have the name of a cookie by which a service of the other part hashes requests', () => {
    const host = publicHost();
    sticky('cart', host, 'version');
    const catalog = serviceOf('catalog');
    catalog.exposeVia(delegation(host));
    const consistentHash = ConsistentHash.cookie('version', { ttl: Duration.hours(1) });
    new LoadBalancerPolicy(catalog, 'Hashing', { service: catalog, consistentHash });
    expect(errorOf(() => manifests(chart))).toContain("stores its version in the cookie 'version', by which the consistentHash of 'catalog.shop");
  });
});

describe('two sticky canaries of one service', () => {
  const items = (service: MeshService) => new TrafficRoute(chart, 'Items', { service, matches: [{ uri: StringMatch.prefix('/items') }] });

  test('cannot share a name if a version is in one of them only', () => {
    const catalog = serviceOf('catalog');
    canary(catalog, 'Canary', { cookie: 'version' });
    canary(catalog, 'OfItems', { cookie: 'version', route: items(catalog), version: 'v3' });
    expect(errorOf(() => manifests(chart))).toContain("stores its version in the cookie 'version', as chart/catalog/OfItems does");
  });

  test('may share a name if they choose between the same versions', () => {
    const catalog = serviceOf('catalog');
    canary(catalog, 'Canary', { cookie: 'version' });
    canary(catalog, 'OfItems', { cookie: 'version', route: items(catalog) });
    expect(cookiesSet()).toEqual(['version=v1; Max-Age']);
  });
});

test('the canaries of two hosts may share a name, because a cookie belongs to one host', () => {
  const gateway = new IngressGateway(chart, 'Gateway');
  for (const name of ['cart', 'catalog']) {
    const service = serviceOf(name);
    service.exposeVia(new PublicHost(service, 'Host', { gateway, host: `${name}.example.com` }));
    canary(service, 'Canary', { cookie: 'version' });
  }
  expect(cookiesSet()).toEqual(['version=v1; Max-Age']);
});

describe('the cookie of a sticky canary', () => {
  const hashed = (service: MeshService, name: string, options: { ttl?: Duration; subset?: Subset } = {}) =>
    new LoadBalancerPolicy(service, 'ByCookie', {
      service, subset: options.subset, consistentHash: ConsistentHash.cookie(name, { ttl: options.ttl }),
    });

  test.each<[string, (service: MeshService) => unknown]>([
    ['all versions', catalog => hashed(catalog, 'version', { ttl: Duration.hours(1) })],
    ['one version', catalog => hashed(catalog, 'version', { subset: catalog.subset('v2') })],
  ])('cannot be the key by which the endpoints of %s are chosen, because all clients of a version would reach one endpoint', (_, hash) => {
    const catalog = serviceOf('catalog');
    canary(catalog, 'Canary', { cookie: 'version' });
    hash(catalog);
    expect(errorOf(() => manifests(chart))).toContain(
      "chart/catalog/Canary stores its version in the cookie 'version', by which the consistentHash of 'catalog.shop.svc.cluster.local' chooses "
      + "endpoints for requests to the same host 'catalog.shop.svc.cluster.local', so that all clients of a version would reach one endpoint");
  });

  test('cannot be the key of another service on the same public host', () => {
    const host = new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' });
    const [cart, catalog] = ['cart', 'catalog'].map(serviceOf);
    for (const service of [cart, catalog]) service.exposeVia(host, { pathPrefix: `/${service.serviceName}` });
    canary(catalog, 'Canary', { cookie: 'version', audiences: [Audiences.publicHost(host)] });
    hashed(cart, 'version');
    expect(errorOf(() => manifests(chart))).toContain("by which the consistentHash of 'cart.shop.svc.cluster.local' chooses endpoints for requests "
      + "to the same host 'shop.example.com'");
  });

  test('may be next to a key of another name', () => {
    const catalog = serviceOf('catalog');
    canary(catalog, 'Canary', { cookie: 'version' });
    hashed(catalog, 'client', { ttl: Duration.hours(1) });
    expect(cookiesSet()).toEqual(['version=v1; Max-Age']);
  });
});
