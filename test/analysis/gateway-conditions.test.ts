import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../src/analysis';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { parseManifests } from '../../src/manifest/loader';

const BAD = readFileSync(join(__dirname, 'fixtures/gateway-condition-never-met/bad.yaml'), 'utf8');
const SERVER = 'port: { number: 80, name: http, protocol: HTTP }';
const HTTPS = BAD.replace(SERVER, 'port: { number: 443, name: https, protocol: HTTPS }\n      tls: { mode: SIMPLE, credentialName: shop }');
const PASSED = BAD.replace(SERVER, 'port: { number: 443, name: https, protocol: HTTPS }\n      tls: { mode: PASSTHROUGH }');

/** What is found of a match at the gateway. */
function found(match: string, text = BAD, meshConfig?: MeshConfigFields): readonly string[] {
  const { objects } = parseManifests(text.replace('{ sourceLabels: { app: web } }', match));
  return analyze(objects, { complete: true, rules: ['gateway-condition-never-met'], meshConfig }).map(({ cause, repair }) => `${cause}; ${repair}`);
}

const scheme = (value: string) => `{ scheme: { exact: ${value} } }`;

test('a gateway of HTTP takes requests for https only where it trusts proxies or the caller', () => {
  expect(found(scheme('https'))).toEqual([
    'the Gateway serves only http: unless the gateway trusts proxies in front of it, this match takes only requests of HTTP/2 callers that '
    + 'send another scheme than that of their connection; remove scheme, or set gatewayTopology.numTrustedProxies if a proxy in front of '
    + 'the gateway terminates TLS',
  ]);
  expect(found(scheme('http'))).toEqual([]);
});

test('a gateway of HTTPS does not take requests for http', () => {
  expect(found(scheme('http'), HTTPS)).toHaveLength(1);
  expect(found(scheme('https'), HTTPS)).toEqual([]);
});

test('a server that passes TLS through reads no scheme', () => expect(found(scheme('http'), PASSED)).toEqual([]));

test('a trusted proxy in front of the gateway may state the scheme', () => {
  expect(found(scheme('https'), BAD, { defaultConfig: { gatewayTopology: { numTrustedProxies: 1 } } })).toEqual([]);
  const annotation = 'annotations: { proxy.istio.io/config: "gatewayTopology: { numTrustedProxies: 2 }" }';
  const annotated = BAD.replace('metadata: { labels: { app: gate } }', `metadata: { labels: { app: gate }, ${annotation} }`);
  expect(annotated).not.toBe(BAD);
  expect(found(scheme('https'), annotated)).toEqual([]);
});

test('names the ports of the servers', () => {
  expect(found('{ port: 8080 }')).toEqual([
    'the Gateway has no server at port 8080 (it has 80): this match takes nothing; use the port of a server of the Gateway',
  ]);
  expect(found('{ port: 80 }')).toEqual([]);
});
