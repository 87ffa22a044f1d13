import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseClusterFacts } from '../../src/cluster/facts-file';
import { factsOfObjects } from '../../src/cluster/facts-of-objects';
import { parseManifests } from '../../src/manifest/loader';
import { ROOT, runProcess } from '../cli/command-line';

const DUMP = `
apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { istio-injection: enabled } } }
- { apiVersion: v1, kind: Namespace, metadata: { name: billing, labels: { istio.io/dataplane-mode: ambient } } }
- { apiVersion: v1, kind: Namespace, metadata: { name: old, labels: { istio-injection: disabled } } }
- { apiVersion: v1, kind: Namespace, metadata: { name: istio-ingress } }
- apiVersion: apps/v1
  kind: Deployment
  metadata: { name: ingress, namespace: istio-ingress }
  spec:
    template:
      metadata: { labels: { istio: ingressgateway, pod-template-hash: abc }, annotations: { inject.istio.io/templates: gateway } }
      spec: { containers: [{ name: istio-proxy, image: auto }] }
- apiVersion: apps/v1
  kind: Deployment
  metadata: { name: istiod, namespace: istio-system }
  spec: { template: { metadata: { labels: { app: istiod, istio: pilot } }, spec: { containers: [{ name: discovery, image: "example.com/pilot:1.30.2" }] } } }
- { apiVersion: v1, kind: Service, metadata: { name: ingress, namespace: istio-ingress }, spec: { selector: { istio: ingressgateway }, ports: [{ name: http2, port: 80, targetPort: 8080 }, { name: https, port: 443 }] } }
- { apiVersion: v1, kind: Service, metadata: { name: payments, namespace: billing }, spec: { selector: { app: payments }, ports: [{ name: http, port: 80 }, { name: grpc-api, port: 9090 }, { name: dns, port: 53, protocol: UDP }] } }
- { apiVersion: v1, kind: Service, metadata: { name: external, namespace: billing }, spec: { type: ExternalName, externalName: api.example.com, ports: [{ name: http, port: 80 }] } }
- { apiVersion: v1, kind: Secret, metadata: { name: certificate, namespace: istio-ingress }, data: { tls.crt: c2VjcmV0 } }
- { apiVersion: v1, kind: Secret, metadata: { name: password, namespace: istio-ingress }, data: { password: c2VjcmV0 } }
- { apiVersion: v1, kind: ConfigMap, metadata: { name: istio, namespace: istio-system }, data: { mesh: "outboundTrafficPolicy: { mode: REGISTRY_ONLY }" } }
`;

const EXPECTED = {
  kind: 'ClusterFacts',
  istioVersion: '1.30',
  namespaces: [{ name: 'shop', mode: 'sidecar' }, { name: 'billing', mode: 'ambient' }, { name: 'old', mode: 'none' }, 'istio-ingress'],
  gateways: [
    {
      name: 'ingress',
      namespace: 'istio-ingress',
      labels: { istio: 'ingressgateway' },
      ports: [{ number: 80, targetPort: 8080 }, 443],
      serviceAccount: 'default',
      secrets: ['certificate'],
    },
  ],
  services: [{ name: 'payments', namespace: 'billing', ports: [80, { number: 9090, protocol: 'grpc' }], labels: { app: 'payments' } }],
};

test('what kubectl lists gives namespaces with their mode, gateways, Services and the version of Istio', () => {
  expect(factsOfObjects(parseManifests(DUMP).objects, undefined)).toEqual(EXPECTED);
});

test('facts reads standard input and writes a file that --facts reads, without data of Secrets', () => {
  const { code, stdout } = runProcess(['facts'], { input: DUMP });
  expect(code).toBe(0);
  expect(stdout).not.toMatch(/c2VjcmV0|password/);
  expect(parseClusterFacts(stdout)).toMatchObject({
    istioVersion: '1.30',
    meshConfig: { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' } },
  });
});

test('the example of the page is a file of facts', () => {
  const [, block] = /```yaml\n(# yaml-language-server[^]*?)```/.exec(readFileSync(join(ROOT, 'docs/cluster-facts.md'), 'utf8'))!;
  expect(parseClusterFacts(block).objects.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual([
    'Namespace shop', 'Namespace billing', 'Namespace istio-ingress', 'Deployment istio-ingressgateway', 'Service istio-ingressgateway',
    'Secret shop-certificate', 'Service payments', 'ServiceEntry cluster-fact-1',
  ]);
});

test('fields of MeshConfig that Istio does not know are left out and named, and the file is valid', () => {
  const mesh = 'root_namespace: mesh\\nbrandNew: { a: 1 }\\ndefaultConfig: { concurrency: 2, newer: 1 }\\nextensionProviders: [{ name: a, other: {} }]';
  const input = DUMP.replace('outboundTrafficPolicy: { mode: REGISTRY_ONLY }', mesh);
  const { code, stdout, stderr } = runProcess(['facts'], { input });
  expect(code).toBe(0);
  expect(stderr.match(/meshConfig\.\S+/g)).toEqual([
    'meshConfig.brandNew', 'meshConfig.defaultConfig.newer', 'meshConfig.extensionProviders[0].other',
  ]);
  expect(parseClusterFacts(stdout).meshConfig).toEqual({
    rootNamespace: 'mesh', defaultConfig: { concurrency: 2 }, extensionProviders: [{ name: 'a' }],
  });
});
