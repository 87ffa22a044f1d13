import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'growth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const times = (count: number, text: (i: number) => string) => Array.from({ length: count }, (_, i) => text(i)).join('');
const object = (kind: string, name: string, spec: string, api = 'networking.istio.io/v1') =>
  `---\napiVersion: ${api}\nkind: ${kind}\nmetadata: { name: ${name}, namespace: shop }\nspec: ${spec}\n`;
const SERVICE = object('Service', 'cart', '{ selector: { app: cart }, ports: [{ name: http, port: 80 }] }', 'v1');
const TO_CART = 'route: [{ destination: { host: cart, port: { number: 80 } } }]';
const gateway = (hosts: string) =>
  object('Gateway', 'public', `{ selector: { istio: gw }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [${hosts}] }] }`);
const routes = (i: number, host: string, match: string) =>
  object('VirtualService', `v${i}`, `{ hosts: [${host}], gateways: [public], http: [{ ${match}${TO_CART} }] }`);

const ONE_HOST = SERVICE + gateway('a.example.com') + times(2000, i => routes(i, 'a.example.com', `match: [{ uri: { prefix: /p${i}/ } }], `));
const MANY_HOSTS = SERVICE + gateway(times(2000, i => `h${i}.example.com, `)) + times(2000, i => routes(i, `h${i}.example.com`, ''));
const ALTERNATIVES = SERVICE + object('VirtualService', 'cart', `{ hosts: [cart], http: [${
  times(500, i => `{ match: [${times(20, j => `{ uri: { prefix: /p${i}/${j}/ } }, `)}], ${TO_CART} }, `)
}] }`);

// Comparing all pairs takes from 12 to more than 45 seconds. bench:growth measures how the time grows.
test.each([
  ['analyze', '2,000 VirtualServices on one host', [ONE_HOST]], ['analyze', '2,000 hosts of a gateway', [MANY_HOSTS]],
  ['diff', '500 routes of 20 alternatives', [ALTERNATIVES, ALTERNATIVES.replace('/p0/0/', '/q0/0/')]],
])('%s takes less than ten seconds of CPU time for %s', async (command, _, inputs) => {
  const paths = inputs.map((text, i) => {
    writeFileSync(join(folder, `${i}.yaml`), text);
    return join(folder, `${i}.yaml`);
  });
  const before = process.cpuUsage();
  const { code, stderr } = await run([command, ...paths, '-q']);
  const { user, system } = process.cpuUsage(before);
  expect([code === 2, stderr]).toEqual([false, '']);
  expect((user + system) / 1e6).toBeLessThan(10);
});
