import { analyze, describeFinding } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';

/** What a rule says about some manifests, one line a finding. */
function said(rule: string, ...manifests: string[]): string[] {
  const { objects, problems } = parseManifests(manifests.join('\n---\n'));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return analyze(objects, { rules: [rule] }).filter(({ rule: id }) => id !== 'kinds-missing').map(describeFinding);
}

const object = (apiVersion: string, kind: string, name: string, spec: string, namespace = 'shop') => (
  `{ apiVersion: ${apiVersion}, kind: ${kind}, metadata: { name: ${name}, namespace: ${namespace} }, spec: ${spec} }`);
const istio = (kind: string, name: string, spec: string, namespace?: string) => object('networking.istio.io/v1', kind, name, spec, namespace);
const pods = (name: string) => (
  object('apps/v1', 'Deployment', name, `{ template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] } } }`));

const secret = (name: string) => `{ apiVersion: v1, kind: Secret, metadata: { name: ${name}, namespace: shop } }`;

describe('unknown-gateway-credential', () => {
  const gateway = istio('Gateway', 'gw', '{ selector: { app: gate }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: cert }, hosts: [a.example.com] }] }');

  test.each([
    ['a Certificate', object('cert-manager.io/v1', 'Certificate', 'site', '{ secretName: cert, dnsNames: [a.example.com] }')],
    ['an ExternalSecret', object('external-secrets.io/v1', 'ExternalSecret', 'site', '{ target: { name: cert } }')],
    ['an ExternalSecret of that name', object('external-secrets.io/v1', 'ExternalSecret', 'cert', '{}')],
    ['a SealedSecret', object('bitnami.com/v1alpha1', 'SealedSecret', 'cert', '{ encryptedData: {} }')],
  ])('a Secret that %s makes is there', (_, maker) => {
    expect(said('unknown-gateway-credential', gateway, pods('gate'), secret('other'), maker)).toEqual([]);
  });

  test('a Secret that a Certificate makes in another namespace is not', () => {
    const maker = object('cert-manager.io/v1', 'Certificate', 'site', '{ secretName: cert }', 'web');
    expect(said('unknown-gateway-credential', gateway, pods('gate'), secret('other'), maker)).toEqual([expect.stringMatching(/there is no Secret 'cert' in 'shop'/)]);
  });
});

test.each([
  ['./*', 'istio-system/*', /leave one of them out, but not where this Sidecar is the default of the whole mesh/],
  ['istio-system/*', './*', /leave one of them out, but not where this Sidecar is the default of the whole mesh/],
  ['a/*', 'a/b.example.com', /; leave one of them out$/],
])('a Sidecar that imports %s and %s is told what to leave out, if anything', (one, other, repair) => {
  expect(said('warned-by-admission', istio('Sidecar', 'default', `{ egress: [{ hosts: ["${one}", "${other}"] }] }`, 'istio-system'))).toEqual([expect.stringMatching(repair)]);
});
