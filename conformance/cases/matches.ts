import type { Case, Statement } from '../case';
import { route, routeNames } from '../case';
import { World, web } from '../world';
import type { HttpMatch } from 'cdk8s-istio';
import { StringMatch, TrafficRoute } from 'cdk8s-istio';

const VHOST = 'catalog.shop.svc.cluster.local:80';
const V2 = 'outbound|80|v2|catalog.shop.svc.cluster.local';

/** A route with one match to v2. The rest goes to v1. */
function match(name: string, matches: HttpMatch[], envoy: object, stated: string): Case {
  const states: Statement[] = [[stated, route('web', VHOST, 'it'), { match: envoy, route: { cluster: V2 } }]];
  return {
    name: `match-${name}`,
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      catalog.routeDefaultTo(catalog.subset('v1'));
      new TrafficRoute(world.traffic, 'It', { service: catalog, target: catalog.subset('v2'), matches });
    },
    states: [...states, ['the route for the rest is after it', routeNames('web', VHOST), [...matches.map(() => 'it'), 'default']]],
  };
}

const header = (fields: object) => ({ prefix: '/', caseSensitive: true, headers: [fields] });

/** Every condition of HttpMatch. */
export const matches: readonly Case[] = [
  match('uri-exact', [{ uri: StringMatch.exact('/items') }], { path: '/items', caseSensitive: true }, 'the path is /items'),
  match('uri-prefix', [{ uri: StringMatch.prefix('/items') }], { prefix: '/items', caseSensitive: true }, 'the path starts with /items'),
  match(
    'uri-regex',
    [{ uri: StringMatch.regex('/items/[0-9]+') }],
    { safeRegex: { regex: '/items/[0-9]+' } },
    'the path matches the regex',
  ),
  match(
    'uri-ignore-case',
    [{ uri: StringMatch.prefix('/Items'), ignoreUriCase: true }],
    { prefix: '/Items', caseSensitive: false },
    'the path, ignoring case',
  ),
  match(
    'scheme',
    [{ scheme: StringMatch.exact('https') }],
    header({ name: ':scheme', stringMatch: { exact: 'https' } }),
    'the scheme is https',
  ),
  match(
    'method',
    [{ method: StringMatch.exact('POST') }],
    header({ name: ':method', stringMatch: { exact: 'POST' } }),
    'the method is POST',
  ),
  match(
    'authority',
    [{ authority: StringMatch.exact('catalog:80') }],
    header({ name: ':authority', stringMatch: { exact: 'catalog:80' } }),
    'the authority is catalog:80',
  ),
  match(
    'header-exact',
    [{ headers: { 'X-Cohort': StringMatch.exact('a') } }],
    header({ name: 'x-cohort', stringMatch: { exact: 'a' } }),
    'a header has a value',
  ),
  match(
    'header-prefix',
    [{ headers: { 'x-cohort': StringMatch.prefix('a') } }],
    header({ name: 'x-cohort', stringMatch: { prefix: 'a' } }),
    'a header starts with',
  ),
  match(
    'header-regex',
    [{ headers: { 'x-cohort': StringMatch.regex('a|b') } }],
    header({ name: 'x-cohort', stringMatch: { safeRegex: { regex: 'a|b' } } }),
    'a header matches a regex',
  ),
  match(
    'header-present',
    [{ headers: { 'x-cohort': StringMatch.present() } }],
    header({ name: 'x-cohort', presentMatch: true }),
    'a header is present',
  ),
  match(
    'without-header',
    [{ withoutHeaders: { 'x-cohort': StringMatch.present() } }],
    header({ name: 'x-cohort', presentMatch: true, invertMatch: true }),
    'a header is absent',
  ),
  match('without-header-value', [{ withoutHeaders: { 'x-cohort': StringMatch.exact('a') } }],
    header({
      name: 'x-cohort',
      stringMatch: { exact: 'a' },
      invertMatch: true,
      treatMissingHeaderAsEmpty: true,
    }), 'a header is absent or has another value'),
  match('query-parameter', [{ queryParams: { beta: StringMatch.exact('1') } }],
    { prefix: '/', queryParameters: [{ name: 'beta', stringMatch: { exact: '1' } }] }, 'a query parameter has a value'),
  match(
    'query-parameter-present',
    [{ queryParams: { beta: StringMatch.present() } }],
    { prefix: '/', queryParameters: [{ name: 'beta', presentMatch: true }] },
    'a query parameter is present',
  ),
  match('cookie', [{ cookies: { user: StringMatch.exact('staff') } }],
    header({
      name: 'cookie',
      stringMatch: { safeRegex: { regex: '(.*;\\s*)?user=staff(;.*)?' } },
    }), 'a cookie has a value, at any position'),
  match('two-cookies', [{ cookies: { a: StringMatch.exact('1'), b: StringMatch.present() } }],
    header({
      name: 'cookie',
      stringMatch: { safeRegex: { regex: '((.*;\\s*)?a=1(;.*)?;\\s*b=[^;]*(;.*)?)|((.*;\\s*)?b=[^;]*(;.*)?;\\s*a=1(;.*)?)' } },
    }), 'two cookies in either order'),
  match(
    'source-labels',
    [{ sourceLabels: { app: 'web' }, uri: StringMatch.prefix('/a') }],
    { prefix: '/a' },
    'the caller has a label; Envoy does not check it',
  ),
  match(
    'source-namespace',
    [{ sourceNamespace: 'shop', uri: StringMatch.prefix('/a') }],
    { prefix: '/a' },
    'the caller is in a namespace; Envoy does not check it',
  ),
  match(
    'alternatives',
    [{ uri: StringMatch.exact('/a') }, { headers: { x: StringMatch.exact('1') } }],
    { path: '/a' },
    'one of two conditions must be met: two routes',
  ),
  match('all-at-once', [
    {
      uri: StringMatch.prefix('/a'),
      method: StringMatch.exact('GET'),
      headers: { x: StringMatch.exact('1') },
      queryParams: { q: StringMatch.prefix('2') },
    },
  ],
  {
    prefix: '/a',
    headers: [{ name: 'x' }, { name: ':method' }],
    queryParameters: [{ name: 'q', stringMatch: { prefix: '2' } }],
  }, 'all conditions must be met'),
  {
    name: 'match-of-another-caller',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      catalog.routeDefaultTo(catalog.subset('v1'));
      new TrafficRoute(world.traffic, 'It', {
        service: catalog,
        target: catalog.subset('v2'),
        matches: [{ sourceLabels: { app: 'batch' } }],
      });
    },
    states: [['a caller without the label has no such route', routeNames('web', VHOST), ['default']]],
  },
];
