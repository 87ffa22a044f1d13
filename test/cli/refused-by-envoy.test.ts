import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './command-line';

const folder = mkdtempSync(join(tmpdir(), 'refused-by-envoy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec: { selector: { app: cart }, ports: [{ name: http, port: 80 }] }
`;
const route = [{ destination: { host: 'cart' } }];
const routed = (entry: object) => ['VirtualService', { hosts: ['cart'], http: [{ route, ...entry }] }] as const;
const answered = (entry: object) => ['VirtualService', { hosts: ['cart'], http: [entry] }] as const;
const setting = (value: string) => routed({ headers: { request: { set: { 'x-a': value } } } });
const hashing = (consistentHash: object) => ['DestinationRule', { host: 'cart', trafficPolicy: { loadBalancer: { consistentHash } } }] as const;

function file([kind, spec]: readonly [string, object]): string {
  const path = join(folder, 'it.yaml');
  const object = { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'cart', namespace: 'shop' }, spec };
  writeFileSync(path, `${SERVICE}---\n${JSON.stringify(object)}\n`);
  return path;
}

// Each of them was given to a real Envoy, in the configuration that istiod makes of it.
test.each([
  ['an unknown command in a header value', setting('%DOWNSTREAM_REMOTE_ADDRES%'), 'not a command that Envoy knows'],
  ['%REQ% without arguments', setting('%REQ%'), 'has no argument'],
  ['an argument where the command takes none', setting('%PROTOCOL(x)%'), 'takes no argument'],
  ['a header value above 16384 bytes', setting('a'.repeat(16_385)), 'must have at most 16384 bytes'],
  ['a line break in a rewrite', routed({ rewrite: { uri: '/a\nb' } }), 'must have no line break'],
  ['a line break in the authority of a redirect', answered({ redirect: { authority: 'a\nb' } }), 'must have no line break'],
  ['a redirect with status 300', answered({ redirect: { uri: '/new', redirectCode: 300 } }), 'a status that Envoy does not redirect with'],
  ['an answer with status 600', answered({ directResponse: { status: 600 } }), 'must be less than 600'],
  ['weights of more than 32 bits', routed({ route: [1, 2, 3].map(() => ({ ...route[0], weight: 2147483647 })) }), 'more than 4294967295'],
  ['a hash of a query parameter without a name', hashing({ httpQueryParameterName: '' }), 'must not be empty'],
  ['a hash of a cookie with a negative ttl', hashing({ httpCookie: { name: 'a', ttl: '-1s' } }), 'must be at least 0s'],
  ['a ring of more than 8388608 entries', hashing({ useSourceIp: true, minimumRingSize: 8_388_609 }), 'must be at most 8388608'],
] as const)('%s: analyze reports an error, and request answers nothing, as Envoy would refuse the configuration', async (_, object, why) => {
  const path = file(object);
  const { code, stdout } = await run(['analyze', path]);
  expect([code, stdout]).toEqual([1, expect.stringContaining('error refused-by-envoy\n')]);
  expect(stdout).toContain(why);
  expect(await run(['request', path, 'GET', 'http://cart/', '--from', 'shop', '--expect-routed'])).toEqual({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^error: Envoy would refuse (route configuration 80|cluster outbound\|80\|\|cart\S+): .*; the previous one stays/),
  });
});

test('a line break in a header value is rejected by istiod already', async () => {
  const path = file(setting('a\nb'));
  expect((await run(['analyze', path, '-q'])).stdout).toMatch(
    /error rejected-by-admission IST0106\n.*\n {2}spec\.http\[0\]\.headers\.request\.set has control characters in its value\n/,
  );
  expect((await run(['request', path, 'GET', 'http://cart/', '--from', 'shop', '--expect-routed'])).code).toBe(2);
});
