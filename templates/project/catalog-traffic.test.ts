import { App } from 'cdk8s';
import { Mesh } from 'cdk8s-istio/jest';
import { CatalogTraffic } from './catalog-traffic';

const chart = new CatalogTraffic(new App(), 'catalog', { namespace: 'shop', canaryPercent: 10 });
const mesh = Mesh.fromChart(chart, { assumeServices: [{ name: 'catalog', namespace: 'shop', ports: [80] }] });
const web = mesh.sidecar({ namespace: 'shop', labels: { app: 'web' } });

test('one request in ten reaches v2', () => {
  expect(web.get('http://catalog/items')).toSplitTraffic({ v1: 90, v2: 10 });
});

test('a request that takes longer than two seconds fails', () => {
  expect(web.get('http://catalog/items')).toTimeOutAfter('2s');
});
