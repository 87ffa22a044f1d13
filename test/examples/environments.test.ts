import { CoolstoreChart } from '../../examples/environments/coolstore';
import { environments } from '../../examples/environments/environments';
import type { Manifest } from '../manifests';
import { find, manifests } from '../manifests';
import type { HttpRoute } from '../requests';
import { take } from '../requests';

const all = environments('unwritten').selected.map(environment => ({ environment, name: environment.environmentName, chart: new CoolstoreChart(environment, 'traffic') }));
const of = (environment: string) => all.find(({ name }) => name === environment)!;
const http = (chart: CoolstoreChart) => find(chart, 'VirtualService', 'catalog').spec.http;
const staff = { path: '/items', headers: { 'x-istio-cohort': 'internal' } };
const shares = (route: HttpRoute) => route.route.map(({ destination, weight = 100 }) => [destination.subset, weight]);

describe('the coolstore in its environments', () => {
  test('gives the canary half of the requests in dev, a tenth in staging, a twentieth in prod', () => {
    const canary = (name: string) => shares(take(http(of(name).chart), { path: '/' })!.route);
    expect(canary('dev')).toEqual([['v1', 50], ['v2', 50]]);
    expect(canary('staging')).toEqual([['v1', 90], ['v2', 10]]);
    expect(canary('prod')).toEqual([['v1', 95], ['v2', 5]]);
  });

  test('leads staff to the newest version, but in prod', () => {
    const served = (name: string) => shares(take(http(of(name).chart), staff)!.route);
    expect(served('dev')).toEqual([['v3', 100]]);
    expect(served('staging')).toEqual([['v2', 100]]);
    expect(served('prod')).toEqual([['v1', 95], ['v2', 5]]);
  });

  test.each(all)('leads no request to a version that $name does not have', ({ chart }) => {
    const deployed = manifests(chart).filter(({ kind, metadata }) => kind === 'Deployment' && metadata.name.startsWith('catalog')).map(({ spec }) => spec.template.metadata.labels.version);
    const subsets = find(chart, 'DestinationRule', 'catalog').spec.subsets.map(({ labels }: { labels: { version: string } }) => labels.version);
    const used = manifests(chart).filter(({ kind }) => kind === 'VirtualService').flatMap(({ spec }: Manifest) => spec.http.flatMap((route: HttpRoute) => shares(route).map(([subset]) => subset)));
    expect(subsets).toEqual(deployed);
    expect(used.filter(subset => !subsets.includes(subset))).toEqual([]);
  });

  test.each(all)('is reached from outside of $name by a host of its own', ({ environment, chart }) => {
    const host = environment.publicHost('catalog');
    expect(find(chart, 'Gateway').spec.servers.map(({ hosts }: { hosts: string[] }) => hosts)).toEqual(expect.arrayContaining([[host]]));
    expect(find(chart, 'VirtualService', host.replaceAll('.', '-')).spec.hosts).toEqual([host]);
  });

  test('lets callers out of dev only', () => {
    expect(all.map(({ name, chart }) => [name, find(chart, 'Sidecar').spec.outboundTrafficPolicy.mode])).toEqual([['dev', 'ALLOW_ANY'], ['staging', 'REGISTRY_ONLY'], ['prod', 'REGISTRY_ONLY']]);
  });
});
