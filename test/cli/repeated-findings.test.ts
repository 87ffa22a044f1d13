import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'repeated-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Services, each with a VirtualService that routes to an undefined subset. */
function mesh(count: number): string {
  const name = join(folder, `mesh-${count}.yaml`);
  writeFileSync(name, Array.from({ length: count }, (_, i) => `
apiVersion: v1
kind: Service
metadata: { name: item-${i}, namespace: shop }
spec: { selector: { app: item-${i} }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: item-${i}, namespace: shop }
spec: { host: item-${i}, subsets: [{ name: v1, labels: { version: v1 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: item-${i}, namespace: shop }
spec: { hosts: [item-${i}], http: [{ route: [{ destination: { host: item-${i}, subset: v2 } }] }] }
`).join('---'));
  return name;
}

describe('findings with the same message for many objects', () => {
  test('are written in full if they are few', async () => {
    const { stdout } = await run(['analyze', mesh(10)]);
    expect(stdout.match(/ unknown-subset/g)).toHaveLength(10);
    expect(stdout).not.toContain('more that say the same');
  });

  test('take no longer if the messages are very long', async () => {
    const name = join(folder, 'long.yaml');
    const host = 'x'.repeat(50_000);
    writeFileSync(name, `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: long, namespace: shop }
spec: { hosts: [${host}], http: [{ route: [{ destination: { host: ${host} } }] }] }
`);
    const start = performance.now();
    expect((await run(['analyze', name])).stdout).toContain(host);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('are counted if they are many, and the first are named', async () => {
    const { stdout, stderr } = await run(['analyze', mesh(200)]);
    expect(stdout.match(/ unknown-subset IST0101/g)).toHaveLength(3);
    expect(stdout).toMatch(
      /^(error|warning) unknown-subset: 197 more with the same message, for\n {2}\S+mesh-200.yaml:\d+: VirtualService shop\/item-3 spec\.http\[0\]/m,
    );
    expect(stdout).toContain('  and 192 more; --format json writes all');
    expect(stdout.split('\n').length).toBeLessThan(60);
    expect(stderr).toMatch(/200 (errors|warnings)/);
  });

  test('are all in JSON', async () => {
    const { stdout } = await run(['analyze', mesh(200), '--format', 'json']);
    const { findings } = JSON.parse(stdout) as { findings: readonly { readonly rule: string }[] };
    expect(findings.filter(({ rule }) => rule === 'unknown-subset')).toHaveLength(200);
  });

  test('do not hide a different one', async () => {
    const name = join(folder, 'other.yaml');
    writeFileSync(name, Array.from({ length: 20 }, (_, i) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: item-${i}, namespace: shop }
spec: { hosts: [item-${i}], http: [{ route: [{ destination: { host: item-${i} } }], ${i === 15 ? 'retries: { attempts: -1 }' : 'timeout: soon'} }] }
`).join('---'));
    const { stdout } = await run(['analyze', name]);
    expect(stdout).toMatch(/VirtualService shop\/item-15 spec\.http\[0\]\.retries/);
  });
});
