import { Edge } from '../../src/edge/edge';
import { Translator } from '../../src/envoy/translator';
import { parseManifests } from '../../src/manifest/loader';
import { SimulatedProxies } from '../../src/simulator/simulated-proxies';

const MESH = (labels: string, more = '') => `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: catalog, namespace: shop }
spec: { template: { metadata: { labels: { app: catalog, version: v1 } } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: catalog, namespace: shop }
spec: { host: catalog, subsets: [{ name: some, labels: { ${labels} } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [{ route: [{ destination: { host: catalog, subset: some } }] }] }
---${more}`;

/** The decision about a request to the subset, where nothing exists beside the input. */
function decisionOn(manifests: string, complete = true) {
  const { objects } = parseManifests(manifests);
  const parts = { translator: new Translator(objects), edge: new Edge(objects, { complete, hasAllPods: complete }) };
  return new SimulatedProxies(parts).of({ type: 'sidecar', namespace: 'shop' }).get('http://catalog/');
}

describe('a subset by a label that no pod template states', () => {
  test.each([
    'topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'topology.istio.io/subzone', 'topology.istio.io/cluster',
    'topology.istio.io/network', 'kubernetes.io/hostname', 'istio.io/rev', 'service.istio.io/canonical-revision', 'security.istio.io/tlsMode',
    'rollouts-pod-template-hash', 'pod-template-hash', 'controller-revision-hash', 'statefulset.kubernetes.io/pod-name',
    'apps.kubernetes.io/pod-index', 'batch.kubernetes.io/job-completion-index', 'job-name', 'leaderworkerset.sigs.k8s.io/worker-index',
    'serving.knative.dev/revision', 'failure-domain.beta.kubernetes.io/zone',
  ])('gets its requests, unless the cluster gives the label to no pod: %s', label => {
    const { outcome, notJudged } = decisionOn(MESH(`"${label}": a, version: v1`));
    expect([outcome, notJudged]).toEqual(['routed', [{
      what: 'subset of running pods',
      changes: `whether it has endpoints: Kubernetes, Istio or a controller adds ${label} to pods when they run`,
      objects: ['subset some of catalog.shop.svc.cluster.local'],
    }]]);
  });

  test('has no endpoint if no pod has its other labels', () => {
    expect(decisionOn(MESH('topology.kubernetes.io/zone: a, version: v9'))).toMatchObject({ outcome: 'no healthy host', notJudged: [] });
  });

  test.each(['app.kubernetes.io/version', 'helm.sh/chart', 'example.com/zone'])('pod templates set %s', label => {
    expect(decisionOn(MESH(`${label}: a`)).outcome).toBe('no healthy host');
  });
});

const object = (apiVersion: string, kind: string, spec: string) => `
apiVersion: ${apiVersion}
kind: ${kind}
metadata: { name: other, namespace: shop }
spec: ${spec}
---`;
const TEMPLATE = 'template: { metadata: { labels: { app: catalog, version: v2 } } }';

test.each([
  ['a Rollout', 'version: v2', object('argoproj.io/v1alpha1', 'Rollout', `{ ${TEMPLATE} }`)],
  ['the canary of a Rollout', 'role: canary', object('argoproj.io/v1alpha1', 'Rollout',
    `{ strategy: { canary: { canaryMetadata: { labels: { role: canary } } } }, ${TEMPLATE} }`)],
  ['a WorkloadGroup', 'version: v2', object('networking.istio.io/v1', 'WorkloadGroup',
    '{ metadata: { labels: { app: catalog, version: v2 } }, template: {} }')],
  ['a Deployment that something scales from 0', 'version: v2', object('apps/v1', 'Deployment', `{ replicas: 0, ${TEMPLATE} }`)
    + object('keda.sh/v1alpha1', 'ScaledObject', '{ scaleTargetRef: { name: other } }')],
])('a subset of the pods of %s gets its requests', (_, labels, more) => {
  expect(decisionOn(MESH(labels, more))).toMatchObject({ outcome: 'routed' });
  expect(decisionOn(MESH('version: v3', more))).toMatchObject({ outcome: 'no healthy host', notJudged: [] });
});

test('a subset without pods has no endpoint, unless pods lie outside the input', () => {
  const { outcome, notJudged } = decisionOn(MESH('version: v9'), false);
  expect(outcome).toBe('no healthy host');
  expect(notJudged).toEqual([expect.objectContaining({
    changes: 'pods outside the input may have its labels', objects: ['subset some of catalog.shop.svc.cluster.local'],
  })]);
});

test('a Service that selects one pod of a StatefulSet has this pod', () => {
  const { objects } = parseManifests(`
apiVersion: v1
kind: Service
metadata: { name: db-0, namespace: shop }
spec: { selector: { app: db, statefulset.kubernetes.io/pod-name: db-0 }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop }
spec: { template: { metadata: { labels: { app: db } } } }
`);
  const parts = { translator: new Translator(objects), edge: new Edge(objects, { complete: true, hasAllPods: true }) };
  expect(new SimulatedProxies(parts).of({ type: 'sidecar', namespace: 'shop' }).get('http://db-0/').outcome).toBe('routed');
});
