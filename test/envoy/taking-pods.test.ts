import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

const service = (name: string, ports: readonly object[]): KubernetesObject => (
  { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: 'web' }, ports } });
const WEB = service('web', [{ name: 'http', port: 80, targetPort: 8080 }, { name: 'http-more', port: 81, targetPort: 8080 }]);
const ADMIN = service('admin', [{ name: 'http', port: 80, targetPort: 9090 }]);

describe('without pods in the input, a call reaches those that the selector names', () => {
  const portsOf = (name: string, port: number) => (
    new Translator([WEB, ADMIN]).takersOf(`${name}.shop.svc.cluster.local`, port, []).map(taker => taker.port));

  test('at the target port of the service that is called, and not of another service with the same pods', () => {
    expect(portsOf('web', 80)).toEqual([8080]);
    expect(portsOf('admin', 80)).toEqual([9090]);
  });

  test('through each of several ports with the same target port', () => {
    expect(portsOf('web', 81)).toEqual([8080]);
  });
});
