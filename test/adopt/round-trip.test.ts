import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import * as ts from 'typescript';
import { adopted, istio, root, services, VERSIONS, written } from './adopted';
import { evaluateCharts } from '../../src/adopt/evaluate-chart';
import { printChart } from '../../src/adopt/print-chart';
import { printMain } from '../../src/adopt/print-main';
import { ROOT } from '../cli/command-line';

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Strings that end literals, comments and lines, and names that are words of TypeScript. */
const HOSTILE = JSON.stringify('it\'s "q" */ ${x} `y` \\ \u2028 \u202e // end');

const POLICIES = `{ host: cart, ${VERSIONS}, trafficPolicy: {
  connectionPool: {
    tcp: { maxConnections: 10, connectTimeout: 30ms, idleTimeout: 60s, maxConnectionDuration: 1h, tcpKeepalive: { probes: 3, time: 7200s, interval: 75s } },
    http: { http1MaxPendingRequests: 5, http2MaxRequests: 7, maxRequestsPerConnection: 3, maxRetries: 2, idleTimeout: 1m30s, h2UpgradePolicy: UPGRADE } },
  outlierDetection: { consecutive5xxErrors: 7, interval: 5m, baseEjectionTime: 15m },
  loadBalancer: { consistentHash: { httpCookie: { name: user, path: /, ttl: 0s, attributes: [{ name: SameSite, value: Strict }] } } },
  tls: { mode: ISTIO_MUTUAL } } }`;

const ROUTES = `{ hosts: [cart], http: [
  { name: items, match: [{ uri: { prefix: /items }, headers: { x-a: { exact: ${HOSTILE} } } }, { uri: { exact: /x }, queryParams: { q: { regex: 'a+' } } }],
    rewrite: { uri: /v1/items, authority: new.example.com }, timeout: 2s, route: [{ destination: { host: cart, subset: v2 } }],
    retries: { attempts: 3, perTryTimeout: 500ms, retryOn: '5xx,gateway-error' } },
  { match: [{ withoutHeaders: { x-b: {} }, method: { exact: PUT }, sourceLabels: { app: web } }], route: [{ destination: { host: cart, subset: v2 } }],
    headers: { request: { add: { x-c: '1' }, remove: [x-d] }, response: { set: { x-v: v2 } } } },
  { match: [{ uri: { prefix: /old } }], redirect: { uri: /new, redirectCode: 302, derivePort: FROM_REQUEST_PORT } },
  { match: [{ method: { exact: DELETE } }], directResponse: { status: 405, body: { string: gone } } },
  { match: [{ uri: { regex: '/c.t' } }], corsPolicy: { allowOrigins: [{ exact: 'https://a.example.com' }], maxAge: 24h, allowMethods: [GET], unmatchedPreflights: IGNORE },
    route: [{ destination: { host: catalog, port: { number: 80 } }, weight: 30 }, { destination: { host: cart, subset: v1 }, weight: 70, headers: { request: { set: { x-e: '2' } } } }] },
  { match: [{ headers: { x-f: { prefix: a } } }], fault: { delay: { fixedDelay: 1.5s, percentage: { value: 10 } }, abort: { httpStatus: 503, percentage: { value: 5 } } },
    route: [{ destination: { host: cart, subset: v1 }, weight: 90 }, { destination: { host: cart, subset: v2 }, weight: 10 }] },
  { route: [{ destination: { host: cart, subset: v1 }, weight: 90 }, { destination: { host: cart, subset: v2 }, weight: 10 }] }] }`;

/** Every kind of value that is written, in one input. */
const INPUT = [
  services(['cart', 8080], ['catalog', 80], ['default', 80], ['reviews', 80]),
  istio('DestinationRule', 'cart-rule', POLICIES, `, labels: { team: a }, annotations: { example.com/note: ${HOSTILE} }`),
  istio('VirtualService', 'cart-routes', ROUTES, ', labels: { team: b }'),
  istio('DestinationRule', 'default', `{ host: default, exportTo: ['.'], ${VERSIONS} }`),
  istio('DestinationRule', 'reviews', `{ host: reviews, ${VERSIONS}, trafficPolicy: {
    portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: ROUND_ROBIN }, tls: { mode: DISABLE } }] } }`),
  istio('VirtualService', 'reviews', `{ hosts: [reviews], http: [
    { match: [{ headers: { end-user: { exact: jason } } }], route: [{ destination: { host: reviews, subset: v2 } }] },
    { route: [{ destination: { host: reviews, subset: v1 } }], mirror: { host: catalog, port: { number: 80 } }, mirrorPercentage: { value: 25 } }] }`),
  istio('Gateway', 'front', `{ selector: { istio: edge }, servers: [
    { port: { number: 443, name: https, protocol: HTTPS }, hosts: ['*'], tls: { mode: MUTUAL, credentialName: cert, minProtocolVersion: TLSV1_3 } }] }`),
  istio('VirtualService', 'front', `{ hosts: ['*'], gateways: [front], http: [
    { match: [{ uri: { prefix: /a } }], route: [{ destination: { host: reviews, subset: v2 } }] }] }`),
  istio('VirtualService', 'no-service', `{ hosts: [a.example.com], http: [
    { match: [{ headers: { x-a: { exact: ${HOSTILE} } } }], directResponse: { status: 418 } }] }`),
  istio('ServiceEntry', 'payments', `{ hosts: [pay.example.com], resolution: STATIC, location: MESH_INTERNAL, addresses: [240.1.1.1],
    ports: [{ number: 80, name: web, protocol: HTTP }], endpoints: [{ address: 10.1.1.1, ports: { web: 8080 }, labels: { app: pay }, weight: 3 }] }`),
  istio('VirtualService', 'catalog', `{ hosts: [catalog], http: [
    { match: [{ uri: { prefix: /pay } }], route: [{ destination: { host: pay.example.com } }] }, { route: [{ destination: { host: catalog } }] }] }`),
].join('');

const { units, differences } = adopted(INPUT);
const files = units.map(({ lifted: { file } }) => file);
const texts = new Map([...files.map(file => [`${file.name}.ts`, printChart(file)] as const), ['main.ts', printMain(files)]]);

test('the input is lifted without a difference, and only the host without a Service stays plain', () => {
  expect(differences).toEqual([]);
  expect(units.map(({ lifted: { file, kept } }) => [file.name, kept.map(({ reason }) => reason)])).toEqual([
    ['pay-example-com', []], ['cart', []], ['default', []], ['reviews', []],
    ['a-example-com', ['no Service or ServiceEntry of the input has the host \'a.example.com\'']], ['catalog', []], ['front', []],
  ]);
});

test('the printed program has no error of types', () => {
  const folder = __dirname;
  const sources = new Map([...texts].map(([name, text]) => [join(folder, name.replace('.ts', '.snippet.ts')), text.replace(/from '\.\/(.*)'/g, 'from \'./$1.snippet\'')]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts'],
    module: ts.ModuleKind.Node16,
    types: ['node'],
    paths: { 'cdk8s-istio': [join(ROOT, 'src/index.ts')] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, target) => (
    sources.has(name) ? ts.createSourceFile(name, sources.get(name)!, target) : getSourceFile(name, target));
  host.fileExists = name => sources.has(name) || fileExists(name);
  host.readFile = name => sources.get(name) ?? readFile(name);
  const program = ts.createProgram([...sources.keys()], options, host);
  const problems = [...sources.keys()].flatMap(name => {
    const file = program.getSourceFile(name)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  expect(problems.map(({ file, start, messageText }) => `${file?.fileName} ${start} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`)).toEqual([]);
});

test('the printed program, run by ts-node, writes the same bytes as the constructs that were compared', () => {
  const folder = join(root, 'program');
  mkdirSync(folder);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of texts) writeFileSync(join(folder, name), text);
  const outputs = ['printed', 'evaluated'].map(name => join(folder, name));
  const { stderr, status } = spawnSync(
    process.execPath,
    [require.resolve('ts-node/dist/bin'), '--project', join(ROOT, 'test/tsconfig.json'), join(folder, 'main.ts')],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', CDK8S_OUTDIR: outputs[0] } },
  );
  expect([status, stderr]).toEqual([0, '']);
  const app = new App({ outdir: outputs[1] });
  evaluateCharts(files, app);
  app.synth();
  const [printed, evaluated] = outputs.map(written);
  expect(Object.keys(printed)).toEqual(files.map(({ name }) => `${name}.k8s.yaml`).sort());
  expect(printed).toEqual(evaluated);
});

test('names, labels, annotations, exportTo and the names of routes stay', () => {
  const app = new App();
  const all = evaluateCharts(files, app).flatMap(chart => chart.toJson()) as {
    kind: string; metadata: object; spec: { exportTo?: string[]; http?: { name: string }[] };
  }[];
  const objects = all.filter(({ kind }) => kind !== 'ServiceEntry');
  expect(objects.map(({ kind, metadata }) => ({ kind, ...metadata })).slice(0, 2)).toEqual([
    { kind: 'DestinationRule', name: 'cart-rule', namespace: 'shop', labels: { team: 'a' }, annotations: { 'example.com/note': JSON.parse(HOSTILE) } },
    { kind: 'VirtualService', name: 'cart-routes', namespace: 'shop', labels: { team: 'b' } },
  ]);
  expect(objects[1].spec.http!.map(({ name }) => name)).toContain('items');
  expect(objects[2].spec.exportTo).toEqual(['.']);
});
