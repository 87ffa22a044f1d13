import { Mesh } from 'cdk8s-istio/simulator';

test.each([
  [{ attempts: 1, retryOn: '503' }, 'retries up to 1 time on retriable-status-codes, 503'],
  [{ attempts: 3, retryOn: '5xx', perTryTimeout: '500ms' }, 'retries up to 3 times on 5xx, 500 ms per try'],
])('a route with the retries %j says so', (retries, words) => {
  const mesh = Mesh.fromManifests([
    { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'shop' }, spec: { ports: [{ name: 'http', port: 80 }] } },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { hosts: ['web'], http: [{ route: [{ destination: { host: 'web' } }], retries }] },
    },
  ]);
  expect(mesh.sidecar({ namespace: 'shop' }).get('http://web/').explain()).toContain(words);
});
