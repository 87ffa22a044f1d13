import type { Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import type { HttpMatch, Redirect } from 'cdk8s-istio';
import { IngressGateway, MeshService, PublicHost, ServicePort, StringMatch, TrafficRoute } from 'cdk8s-istio';

const { exact, prefix } = StringMatch;
let chart: Chart;
let catalog: MeshService;

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', namespace: 'shop', ports: [ServicePort.http(80)] });
});

const redirecting = (id: string, match: HttpMatch | undefined, redirect: Redirect) =>
  new TrafficRoute(chart, id, { service: catalog, matches: match && [match], redirect });
const synth = () => manifests(chart);
const expose = (service: MeshService, pathPrefix?: string) => {
  const gateway = new IngressGateway(chart, 'Gateway');
  const host = new PublicHost(chart, 'Host', { gateway, host: 'shop.example.com' });
  service.exposeVia(host, { pathPrefix });
  return host;
};

describe('a redirect whose callers come back to it is an error that names the route', () => {
  test.each<[string, HttpMatch | undefined, Redirect, string]>([
    ['below its own prefix', { uri: prefix('/app') }, { uri: '/app/' }, "to '/app/', where a redirect takes them again"],
    ['to its own path', { uri: exact('/app') }, { uri: '/app' }, "to '/app',"],
    ['deeper each time', { uri: prefix('/a') }, { prefixRewrite: '/a/b' }, "to '/a/b', then '/a/b/b', then"],
    ['of every request to the own host', undefined, { authority: 'catalog.shop.svc.cluster.local' }, 'to the same path,'],
    ['for callers with a header', { headers: { 'x-a': exact('b') } }, { uri: '/new' }, "to '/new',"],
  ])('%s', (_, match, redirect, text) => {
    redirecting('Moved', match, redirect);
    const error = errorOf(synth);
    expect(error).toContain('chart/Moved redirects requests of catalog.shop.svc.cluster.local ');
    expect(error).toContain(text);
    expect(error).toContain('match less, such as StringMatch.exact()');
  });

  test('through another redirect: both are named', () => {
    redirecting('One', { uri: prefix('/a') }, { uri: '/b' });
    redirecting('Two', { uri: prefix('/b') }, { uri: '/a' });
    const error = errorOf(synth);
    expect(error).toContain("chart/One redirects requests of catalog.shop.svc.cluster.local to '/b', then '/a'");
    expect(error).toContain("chart/Two redirects requests of catalog.shop.svc.cluster.local to '/a', then '/b'");
  });

  test('on a public host', () => {
    expose(catalog);
    redirecting('Moved', { uri: prefix('/app') }, { authority: 'shop.example.com', uri: '/app/' });
    expect(errorOf(synth)).toContain("chart/Moved redirects requests of shop.example.com to '/app/', where a redirect takes them again");
  });
});

describe('a redirect that ends is accepted', () => {
  test.each<[string, HttpMatch | undefined, Redirect]>([
    ['at another host', undefined, { authority: 'new.example.com' }],
    ['at another scheme', undefined, { scheme: 'https' }],
    ['at another port', undefined, { port: 8443 }],
    ['by its path', { uri: prefix('/old') }, { prefixRewrite: '/new' }],
    ['with the slash that an exact path lacks', { uri: exact('/app') }, { uri: '/app/' }],
    ['by the method that follows', { method: exact('POST') }, { uri: '/done', redirectCode: 303 }],
    ['by its query', { queryParams: { old: exact('1') } }, { uri: '/items?old=2' }],
  ])('%s', (_, match, redirect) => {
    redirecting('Moved', match, redirect);
    expect(synth().find(({ kind }) => kind === 'VirtualService')).toBeDefined();
  });

  test('at another route of the service', () => {
    redirecting('Moved', { uri: prefix('/app') }, { uri: '/app/home' });
    new TrafficRoute(chart, 'Home', { service: catalog, matches: [{ uri: exact('/app/home') }] });
    expect(synth().find(({ kind }) => kind === 'VirtualService')).toBeDefined();
  });

  test('at another service of the public host', () => {
    const host = expose(catalog);
    const shop = new MeshService(chart, 'Shop', { name: 'shop', namespace: 'shop', ports: [ServicePort.http(80)] });
    shop.exposeVia(host, { pathPrefix: '/shop' });
    new TrafficRoute(chart, 'Moved', {
      service: catalog, matches: [{ uri: prefix('/') }], redirect: { authority: 'shop.example.com', uri: '/shop' },
    });
    expect(synth().find(({ kind }) => kind === 'VirtualService')).toBeDefined();
  });
});
