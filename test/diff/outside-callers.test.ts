import { rule, routes, side, to, VERSIONS, WORLD, changes } from './sides';
import { callersOfBoth, diffTraffic } from '../../src/diff/traffic-diff';

const V1 = WORLD + VERSIONS + routes(`[{ ${to({ v1: 1 })} }]`);
const forBatch = (match: string) => WORLD + VERSIONS + routes(`[{ match: [${match}], ${to({ v2: 1 })} }, { ${to({ v1: 1 })} }]`);
const sidecar = (egress: string) => `---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: batch, namespace: shop }
spec: { workloadSelector: { labels: { app: batch } }, outboundTrafficPolicy: { mode: REGISTRY_ONLY }, egress: [{ hosts: ['${egress}'] }] }
`;
const BATCH = { type: 'sidecar', namespace: 'shop', labels: { app: 'batch' } };

describe('callers that objects select, and of which the input has no pod, are compared', () => {
  test('those of sourceLabels', () => {
    expect(changes(V1, forBatch('{ sourceLabels: { app: batch } }'))).toMatchObject([{ kind: 'shares', callers: [BATCH] }]);
  });

  test('those of sourceLabels in the namespace that the match names', () => {
    const [found] = changes(V1, forBatch('{ sourceLabels: { app: batch }, sourceNamespace: jobs }'));
    expect(found).toMatchObject({ kind: 'shares', callers: [{ type: 'sidecar', namespace: 'jobs', labels: { app: 'batch' } }] });
  });

  test('those of a match on connections', () => {
    const tcp = (text: string) => text.replaceAll('name: http', 'name: tcp');
    const routed = (match: string) => `${tcp(WORLD)}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], tcp: [${match}{ route: [{ destination: { host: catalog } }] }] }
`;
    const moved = routed('{ match: [{ sourceLabels: { app: batch } }], route: [{ destination: { host: orders } }] }, ');
    expect(changes(routed(''), moved)).toMatchObject([{ kind: 'connection-shares', callers: [BATCH] }]);
  });

  test('those of the workloadSelector of a Sidecar and of a DestinationRule', () => {
    expect(changes(V1 + sidecar('./*'), V1 + sidecar('~/*'))).toContainEqual(expect.objectContaining({
      kind: 'host-blocked', host: 'catalog.shop.svc.cluster.local', callers: [BATCH],
    }));
    const limited = rule('batch', '{ workloadSelector: { matchLabels: { app: batch } }, trafficPolicy: { tls: { mode: DISABLE } } }');
    expect(changes(WORLD, WORLD + limited)).toMatchObject([{ kind: 'tls', callers: [BATCH] }]);
  });

  test('callers with pods are compared once', () => {
    expect(changes(V1, forBatch('{ sourceLabels: { app: webapp } }'))).toMatchObject([
      { kind: 'shares', callers: [{ type: 'sidecar', namespace: 'shop', labels: { app: 'webapp' } }] },
    ]);
  });

  test('if the input is complete, no other caller is compared', () => {
    const [before, after] = [V1, forBatch('{ sourceLabels: { app: batch } }')].map(text => side(text));
    expect(diffTraffic(before, after, callersOfBoth(before, after, undefined, true))).toEqual([]);
  });
});
