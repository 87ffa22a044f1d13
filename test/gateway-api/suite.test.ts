import { differencesOf } from '../../conformance/gateway-suite/judgement';
import { LEFT_OUT_REQUESTS, LEFT_OUT_TESTS, STATUS_TESTS, leftOutRequest } from '../../conformance/gateway-suite/left-out';
import { keptSuite } from '../../conformance/gateway-suite/suite';
import { analyze } from '../../src/analysis';

const suite = keptSuite();
const judged = suite.tests.filter(({ name, requests }) => requests.some((_, i) => leftOutRequest(name, i) === undefined));

describe('the requests of the conformance tests of the Gateway API project get the expected answers', () => {
  test.each(judged)('$name', each => {
    expect(differencesOf(each, suite)).toEqual([]);
  });
});

test('every other test or request is listed with a reason', () => {
  const others = suite.tests.filter(each => !judged.includes(each)).map(({ name }) => name);
  expect([...others].sort()).toEqual([...Object.keys(LEFT_OUT_TESTS), ...STATUS_TESTS].sort());
  const requests = judged.flatMap(({ name, requests: all }) => all.flatMap((_, i) => (leftOutRequest(name, i) === undefined ? [] : [`${name} ${i}`])));
  expect(requests.sort()).toEqual(Object.keys(LEFT_OUT_REQUESTS).sort());
});

/** The rules that find an error or a missing object in the manifests of a test, which are about just that. */
const INVALID: { readonly [test: string]: readonly string[] } = {
  HTTPRouteDisallowedKind: ['route-not-allowed-by-listener'],
  HTTPRouteHostnameIntersection: ['hostname-outside-listeners', 'route-outside-listener-hostname'],
  GatewayHTTPListenerIsolation: ['hostname-outside-listeners'],
  HTTPRouteInvalidBackendRefUnknownKind: ['unsupported-backend-kind'],
  HTTPRouteInvalidCrossNamespaceBackendRef: ['backend-not-permitted'],
  HTTPRouteInvalidCrossNamespaceParentRef: ['route-not-allowed-by-listener'],
  HTTPRouteInvalidNonExistentBackendRef: ['backend-not-found'],
  HTTPRouteInvalidParentRefNotMatchingListenerPort: ['route-without-parent'],
  HTTPRouteInvalidParentRefNotMatchingSectionName: ['route-without-parent'],
  HTTPRouteInvalidParentRefSectionNameNotMatchingPort: ['route-without-parent'],
  HTTPRouteInvalidReferenceGrant: ['backend-not-permitted', 'grant-from-unknown-namespace'],
  HTTPRoutePartiallyInvalidViaInvalidReferenceGrant: ['backend-not-permitted'],
};

test('analyze finds what the invalid manifests of the tests are about, and nothing else above info', () => {
  const found = suite.tests.map(({ name, manifests }) => {
    const objects = manifests.flatMap(file => suite.manifests[file]);
    return [name, [...new Set(analyze(objects).filter(({ severity }) => severity !== 'info').map(({ rule }) => rule))].sort()] as const;
  });
  expect(Object.fromEntries(found.filter(([, rules]) => rules.length > 0))).toEqual(INVALID);
});
