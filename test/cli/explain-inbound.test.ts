import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

let folder: string;
beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'inbound-')));
afterEach(() => rmSync(folder, { recursive: true }));

const MESH = `
apiVersion: v1
kind: Service
metadata: { name: catalog, namespace: shop }
spec: { selector: { app: catalog }, ports: [{ name: http, port: 80, targetPort: 3000 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: catalog, namespace: shop }
spec: { selector: { matchLabels: { app: catalog } }, template: { metadata: { labels: { app: catalog, version: v1 } }, spec: { containers: [] } } }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: strict, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: v1, namespace: shop }
spec: { selector: { matchLabels: { version: v1 } }, rules: [{ from: [{ source: { namespaces: [web] } }] }] }
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: lua, namespace: shop }
spec: { configPatches: [{ applyTo: HTTP_FILTER, match: { context: SIDECAR_INBOUND }, patch: { operation: REMOVE } }] }
`;

async function explained(...options: string[]) {
  writeFileSync(join(folder, 'mesh.yaml'), MESH);
  return run(['explain', folder, '--from', 'shop/app=catalog', '--inbound', ...options]);
}

test('explain --inbound shows the chains of the pods with all of their labels, and the rules that decide', async () => {
  const { code, stdout, stderr } = await explained();
  expect(code).toBe(0);
  expect(stderr).toContain('what istiod sends the sidecars in shop with app=catalog,version=v1 for the connections to its pod');
  expect(stdout).toMatch(/virtualInbound +3000 +mutual TLS +requests +inbound\|3000\|\|/);
  expect(stdout).not.toMatch(/plaintext/);
  expect(stdout).toContain('envoy.filters.http.rbac: ALLOW\n     ns[shop]-policy[v1]-rule[0]');
});

test('explain --inbound lists what changes the connections and is not read, and not what it reads', async () => {
  const { stderr } = await explained();
  expect(stderr).toContain('not judged: EnvoyFilter shop/lua');
  expect(stderr).not.toMatch(/not judged: (AuthorizationPolicy|PeerAuthentication)/);
});

test('explain --inbound as JSON has Envoy\'s own listeners for each set of labels', async () => {
  const { stdout } = await explained('--format', 'json');
  const { sidecars } = JSON.parse(stdout);
  expect(sidecars).toHaveLength(1);
  expect(sidecars[0]).toMatchObject({
    namespace: 'shop',
    labels: { app: 'catalog', version: 'v1' },
    listeners: [{ name: 'virtualInbound' }],
  });
});
