import { oddCase } from '../../conformance/odd-values/cases';
import { policyBreaches } from '../../src/envoy/refusals/policy-breaches';
import { routeBreaches } from '../../src/envoy/refusals/route-breaches';
import { statedRoutes } from '../../src/envoy/refusals/stated-routes';
import { TakenParts } from '../../src/envoy/refusals/taken-parts';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { isOfKind, readManifests } from '../../src/manifest/manifest';

/** What the whole translation of an object says, and what the remembered parts say. */
function opinions(objects: readonly KubernetesObject[]) {
  const parts = new TakenParts();
  return readManifests(objects).manifests.flatMap(object => {
    if (isOfKind(object, 'VirtualService')) {
      return [{ breaches: statedRoutes(object).flatMap(({ route }) => routeBreaches(route)), isTaken: parts.takesRoutes(object) }];
    }
    if (!isOfKind(object, 'DestinationRule')) return [];
    return [{ breaches: policyBreaches(object).map(({ breach }) => breach), isTaken: parts.takesPolicy(object) }];
  });
}

const odd = Array.from({ length: 1000 }, (_, seed) => oddCase(seed).object);

test('no object with an odd value that Envoy refuses passes as taken, whatever was judged before it', () => {
  for (const objects of [odd, [...odd].reverse()]) {
    const judged = opinions(objects);
    const refused = judged.filter(({ breaches }) => breaches.length > 0);
    expect(refused.length).toBeGreaterThan(50);
    expect(refused.filter(({ isTaken }) => isTaken)).toEqual([]);
    expect(judged.filter(({ isTaken }) => isTaken).length).toBeGreaterThan(250);
  }
});

const destinationRule = (name: string, spec: object): KubernetesObject => (
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name, namespace: 'shop' }, spec });

test('a policy counts as the one of another host, and not as the one of another subset', () => {
  const rules = [undefined, '', 'a'].map((httpHeaderName, i) => destinationRule(`rule-${i}`, {
    host: `item-${i}.shop.svc.cluster.local`,
    subsets: [{ name: 'v1', labels: { version: `${i}` }, trafficPolicy: { loadBalancer: { consistentHash: { httpHeaderName } } } }],
  }));
  expect(opinions(rules).map(({ isTaken }) => isTaken)).toEqual([true, false, true]);
});

test('an action counts as the one with another name and other hosts, and not as the one with other headers', () => {
  const services = ['a', '%a', 'a'].map((tier, i): KubernetesObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: `item-${i}`, namespace: 'shop' },
    spec: {
      hosts: [`item-${i}`],
      http: [{
        name: `route-${i}`,
        route: [{ destination: { host: `item-${i}` } }],
        mirror: { host: `mirror-${i}` },
        mirrors: [{ destination: { host: `other-mirror-${i}` } }],
        headers: { request: { set: { 'x-tier': tier } } },
      }],
    },
  }));
  expect(opinions(services).map(({ isTaken }) => isTaken)).toEqual([true, false, true]);
});
