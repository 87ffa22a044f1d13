import { analyze } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

const PODS = `
apiVersion: v1
kind: Service
metadata: { name: ledger, namespace: bank }
spec: { selector: { app: ledger }, ports: [{ name: http, port: 80 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ledger, namespace: bank }
spec: { selector: { matchLabels: { app: ledger } }, template: { metadata: { labels: { app: ledger } }, spec: { containers: [{ name: a, image: a }] } } }
`;

/** The rules that find a selector without pods, where nothing exists beside the input. */
function rulesAbout(apiVersion: string, kind: string, spec: string): string[] {
  const object = `---\napiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: { name: it, namespace: bank }\nspec: ${spec}\n`;
  const { objects, problems } = parseManifests(PODS + object);
  expect(problems).toEqual([]);
  return analyze(objects, { complete: true }).map(({ rule }) => rule).filter(rule => /selects-no-pods|subset-outside/.test(rule));
}

describe.each(['topology.kubernetes.io/zone', 'rollouts-pod-template-hash', 'apps.kubernetes.io/pod-index', 'istio.io/rev'])(
  'a selector by %s, which no pod template states, may select pods:', added => {
    test.each([
      ['networking.istio.io/v1', 'DestinationRule', (labels: string) => `{ host: ledger, subsets: [{ name: some, labels: ${labels} }] }`,
        'subset-selects-no-pods'],
      ['networking.istio.io/v1', 'Gateway', (labels: string) =>
        `{ selector: ${labels}, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ["*"] }] }`, 'gateway-selects-no-pods'],
      ['networking.istio.io/v1', 'Sidecar', (labels: string) => `{ workloadSelector: { labels: ${labels} }, egress: [{ hosts: ["./*"] }] }`,
        'sidecar-selects-no-pods'],
      ['security.istio.io/v1', 'AuthorizationPolicy', (labels: string) => `{ selector: { matchLabels: ${labels} }, action: ALLOW }`,
        'authorization-policy-selects-no-pods'],
      ['security.istio.io/v1', 'RequestAuthentication', (labels: string) =>
        `{ selector: { matchLabels: ${labels} }, jwtRules: [{ issuer: "https://issuer.example.com" }] }`, 'authentication-selects-no-pods'],
      ['telemetry.istio.io/v1', 'Telemetry', (labels: string) => `{ selector: { matchLabels: ${labels} }, accessLogging: [{}] }`,
        'telemetry-selects-no-pods'],
    ])('%s %s', (apiVersion, kind, spec, rule) => {
      expect(rulesAbout(apiVersion, kind, spec(`{ app: ledger, ${added}: a }`))).toEqual([]);
      expect(rulesAbout(apiVersion, kind, spec(`{ app: other, ${added}: a }`))).toEqual([rule]);
    });
  });
