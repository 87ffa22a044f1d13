import { cases } from '../../conformance/cases';
import { describeDifference, differences } from '../../conformance/difference';
import { readGolden } from '../../conformance/golden';
import { ourAnswers } from '../../conformance/translation';
import { PINNED } from '../../src/envoy/istio-versions';
import { Translator } from '../../src/envoy/translator';
import { seedFacts } from '../conformance/seed-facts';

describe('translated as Istio 1.17, the walk-through results in what it prints of Istio 1.17.8', () => {
  test.each(
    seedFacts.map(fact => [`${fact.step}: ${fact.fact} (${fact.place.what})`, fact] as const),
  )('%s', (_, { step, place, envoy }) => {
    const it = cases.find(({ name }) => name === `coolstore-${step}`)!;
    const ours = ourAnswers({ ...it, manifests: readGolden(it.name)!.input }, { istioVersion: '1.17' });
    expect(differences(envoy, place.find(ours.get(place.proxy)), { part: true }).map(describeDifference)).toEqual([]);
  });
});

test('Istio 1.17 sets the panic threshold only where a rule states one', () => {
  const thresholdOf = (minHealthPercent?: number) => {
    const { clusters } = new Translator([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'it', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'DestinationRule',
        metadata: { name: 'it', namespace: 'shop' },
        spec: { host: 'it', trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3, minHealthPercent } } },
      },
    ], { istioVersion: '1.17' }).translate({ type: 'sidecar', namespace: 'shop' });
    return clusters.find(({ name }) => name === 'outbound|80||it.shop.svc.cluster.local')?.commonLbConfig;
  };
  expect(thresholdOf(40)).toEqual({ localityWeightedLbConfig: {}, healthyPanicThreshold: { value: 40 } });
  expect(thresholdOf()).toEqual({ localityWeightedLbConfig: {} });
});

const next = PINNED.replace(/\d+$/, minor => `${Number(minor) + 1}`);

test.each(['1.16', next, 'latest', ''])('Istio %p is not known, and the versions that are known are named', istioVersion => {
  expect(() => new Translator([], { istioVersion })).toThrow(`use a version from 1.17 to ${PINNED}`);
});

test('istiod started with DISABLE_SHADOW_HOST_SUFFIX=false has Envoy append -shadow to the host of mirrored requests', () => {
  const mirrored = (features?: { [name: string]: string }) => {
    const { routes } = new Translator([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'it', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
      {
        apiVersion: 'networking.istio.io/v1',
        kind: 'VirtualService',
        metadata: { name: 'it', namespace: 'shop' },
        spec: { hosts: ['it'], http: [{ route: [{ destination: { host: 'it' } }], mirror: { host: 'it' } }] },
      },
    ], { features }).translate({ type: 'sidecar', namespace: 'shop' });
    const host = routes.flatMap(({ virtualHosts }) => virtualHosts ?? []).find(({ name }) => name === 'it.shop.svc.cluster.local:80');
    return host?.routes?.[0].route?.requestMirrorPolicies?.[0].disableShadowHostSuffixAppend;
  };
  expect(mirrored()).toBe(true);
  expect(mirrored({ DISABLE_SHADOW_HOST_SUFFIX: 'false' })).toBeUndefined();
});
