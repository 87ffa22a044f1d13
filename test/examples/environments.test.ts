import { CoolstoreChart } from '../../examples/environments/coolstore';
import { environments } from '../../examples/environments/environments';
import { find, manifests } from '../manifests';
import { FindingSeverity, TrafficChecks } from 'cdk8s-istio';
import type { MeshEnvironment } from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/jest';

/** An environment and the outcome of requests there. */
interface Place {
  readonly name: string;
  readonly environment: MeshEnvironment;
  readonly chart: CoolstoreChart;
}

const places: readonly Place[] = environments('unwritten').selected.map(environment => ({
  environment,
  name: environment.environmentName,
  chart: new CoolstoreChart(environment, 'traffic'),
}));
const mesh = ({ chart, environment: { clusterDomain, istioVersion } }: Place) =>
  Mesh.fromManifests(manifests(chart), { clusterDomain, istioVersion });
const webapp = (place: Place) => mesh(place).sidecar({ namespace: place.environment.namespace, labels: { app: 'webapp' } });
const [dev, staging, prod] = places;
const staff = { headers: { 'x-istio-cohort': 'internal' } };

describe('the coolstore in its environments', () => {
  test('gives the canary half of the requests in dev, copies in staging, and a twentieth of the requests in prod', () => {
    expect(webapp(dev).get('http://catalog/')).toSplitTraffic({ v1: 50, v2: 50 });
    expect(webapp(staging).get('http://catalog/')).toRouteTo('catalog', 'v1');
    expect(webapp(staging).get('http://catalog/')).toMirrorTo('catalog', 'v2');
    expect(webapp(prod).get('http://catalog/')).toSplitTraffic({ v1: 95, v2: 5 });
  });

  test('routes staff to the newest version, except in prod', () => {
    expect(webapp(dev).get('http://catalog/items', staff)).toRouteTo('catalog', 'v3');
    expect(webapp(staging).get('http://catalog/items', staff)).toRouteTo('catalog', 'v2');
    expect(webapp(prod).get('http://catalog/items', staff)).toSplitTraffic({ v1: 95, v2: 5 });
  });

  test.each(places)('treats callers outside $name like callers inside', place => {
    const scheme = place === prod ? 'https' : 'http';
    const gateway = mesh(place).gateway();
    const host = place.environment.publicHost('catalog');
    expect(gateway.get(`${scheme}://${host}/`)).toSplitTraffic({
      v1: 100 - place.environment.number('canaryPercent'),
      v2: place.environment.number('canaryPercent'),
    });
  });

  test.each(places)('has no traffic mistake in $name', ({ environment }) => {
    const findings = new TrafficChecks(environment, 'Checks').findings();
    expect(findings.filter(({ severity }) => severity !== FindingSeverity.INFO)).toEqual([]);
  });

  test.each(places)('has a subset for each version that is deployed in $name, and no other', ({ chart }) => {
    const deployed = manifests(chart)
      .filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name.startsWith('catalog'))
      .map(({ spec }) => spec.template.metadata.labels.version);
    expect(
      find(chart, 'DestinationRule', 'catalog').spec.subsets.map(({ labels }: { labels: { version: string } }) => labels.version),
    ).toEqual(deployed);
  });

  test('allows calls to unknown hosts only in dev', () => {
    expect(places.map(({ name, chart }) => [name, find(chart, 'Sidecar').spec.outboundTrafficPolicy.mode])).toEqual([
      ['dev', 'ALLOW_ANY'],
      ['staging', 'REGISTRY_ONLY'],
      ['prod', 'REGISTRY_ONLY'],
    ]);
  });
});
