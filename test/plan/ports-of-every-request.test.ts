import type { Chart } from 'cdk8s';
import { Duration } from 'cdk8s';
import { errorOf } from '../error-of';
import { find, newChart } from '../manifests';
import type { HttpRoute } from '../requests';
import type { HttpMatch } from 'cdk8s-istio';
import { DarkLaunch, MeshService, RequestPolicy, ServicePort, StringMatch, TrafficRoute } from 'cdk8s-istio';

let chart: Chart;

const serviceAt = (...ports: readonly number[]) => new MeshService(chart, 'Catalog', {
  name: 'catalog', ports: ports.map(port => ServicePort.http(port)),
});
const routes = () => find(chart, 'VirtualService', 'catalog').spec.http as HttpRoute[];
const named = () => routes().map(({ name, match }) => [name, match]);
const maintenance = (service: MeshService, matches: HttpMatch[] | undefined, id = 'Down') =>
  new TrafficRoute(chart, id, { service, matches, directResponse: { status: 503 } });

beforeEach(() => {
  chart = newChart();
});

describe('a condition on the only HTTP port is met by every request in the mesh', () => {
  test('a route with it replaces the default route', () => {
    maintenance(serviceAt(80), [{ port: 80 }]);
    expect(named()).toEqual([['down', undefined]]);
  });

  test('the same on another port than 80, where the match keeps the port', () => {
    maintenance(serviceAt(8080), [{ port: 8080 }]);
    expect(named()).toEqual([['down', [{ port: 8080 }]]]);
  });

  test('a dark launch with it serves all requests', () => {
    const service = serviceAt(80);
    const target = service.addSubset('v2', { labels: { version: 'v2' } });
    new DarkLaunch(chart, 'Launch', { service, target, matches: [{ port: 80 }] });
    expect(routes().map(({ match, route }) => [match, route[0].destination.subset])).toEqual([[undefined, 'v2']]);
  });

  test('a policy with it applies to every route, also to that of another path', () => {
    const service = serviceAt(80);
    new TrafficRoute(chart, 'Items', { service, matches: [{ uri: StringMatch.prefix('/items') }], rewrite: { uri: '/' } });
    new RequestPolicy(chart, 'Slow', { service, timeout: Duration.seconds(3), matches: [{ port: 80 }] });
    expect(routes().map(({ match, timeout }) => [match, timeout])).toEqual([[[{ uri: { prefix: '/items' } }], '3s'], [undefined, '3s']]);
  });

  test('an alternative with more conditions adds nothing to it', () => {
    maintenance(serviceAt(80), [{ port: 80 }, { method: StringMatch.exact('GET') }]);
    expect(named()).toEqual([['down', undefined]]);
  });

  test('a second route that every request reaches has the same match', () => {
    const service = serviceAt(80);
    maintenance(service, [{ port: 80 }]);
    maintenance(service, undefined, 'All');
    expect(errorOf(routes)).toContain('routes chart/All and chart/Down have the same match; remove one of them');
  });

  test('a condition on a path stays narrower than it, without a priority', () => {
    const service = serviceAt(80);
    maintenance(service, [{ port: 80 }]);
    new TrafficRoute(chart, 'Items', { service, matches: [{ uri: StringMatch.prefix('/items') }] });
    expect(routes().map(({ name }) => name)).toEqual(['items', 'down']);
  });
});

describe('a condition on one of several HTTP ports', () => {
  test('leaves the default route to the other ports', () => {
    maintenance(serviceAt(80, 8080), [{ port: 80 }]);
    expect(named()).toEqual([['down-80', [{ port: 80 }]], ['default-8080', [{ port: 8080 }]]]);
  });

  test('replaces the default route if its alternatives are all ports', () => {
    maintenance(serviceAt(80, 8080), [{ port: 80 }, { port: 8080 }]);
    expect(named()).toEqual([['down-80', [{ port: 80 }]], ['down-8080', [{ port: 8080 }]]]);
  });

  test('leaves no request to a route without conditions, if other routes take the other ports', () => {
    const service = serviceAt(80, 8080);
    maintenance(service, [{ port: 80 }]);
    maintenance(service, [{ port: 8080 }], 'Other');
    expect(routes().map(({ name }) => name)).toEqual(['down-80', 'other-8080']);
    new TrafficRoute(chart, 'Rest', { service, targets: [{ target: service, weight: 1 }] });
    expect(errorOf(routes)).toMatch(/route chart\/Rest is unreachable, because '(down|other)' matches all its requests first; remove it/);
  });

  test('with a condition on the path keeps the default route of its port', () => {
    maintenance(serviceAt(80, 8080), [{ port: 80, uri: StringMatch.exact('/a') }]);
    expect(routes().map(({ name }) => name)).toEqual(['down-80', 'default-80', 'default-8080']);
  });
});
