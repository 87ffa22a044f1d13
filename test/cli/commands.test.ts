import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, run } from './command-line';
import { KNOWN_VERSIONS } from '../../src/envoy/istio-versions';
import { routes, rule as destinationRule, to, VERSIONS, WORLD } from '../diff/sides';

const STEP = 'examples/coolstore/expected/20-composed';
const folder = mkdtempSync(join(tmpdir(), 'commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const GOOD = file('good.yaml', WORLD + VERSIONS + routes(`[{ ${to({ v1: 90, v2: 10 })} }]`));
const BAD = file(
  'bad.yaml',
  WORLD
    + destinationRule('orders', '{ trafficPolicy: { loadBalancer: { simple: RANDOM } } }', 'orders.shop.svc.cluster.local')
    + routes(`[{ ${to({ v9: 100 })} }]`),
);

/** A malicious name: HTML and Markdown markup, terminal colors, a line break, the end of a table cell, a mention. */
const EVIL = '</script><img src=x onerror=alert(1)>\u001b[31m\u202e`|*_[x](javascript:alert(1)) @everyone & "quoted"';
const HOSTILE = file('hostile.yaml', WORLD + VERSIONS
  + routes(
    `[{ name: ${JSON.stringify(EVIL)}, match: [{ headers: { x-a: { exact: ${JSON.stringify(EVIL)} } } }], ${to({ [JSON.stringify(EVIL)]: 1 })} }, { ${to({ v1: 1 })} }]`,
  ));

describe('analyze', () => {
  test('JSON has the findings with rule, codes, resource, path, file, line, message and repair', async () => {
    const { code, stdout } = await run(['analyze', BAD, '--complete', '--format', 'json', '-q']);
    expect(code).toBe(1);
    const error = JSON.parse(stdout).findings.find((f: { severity: string }) => f.severity === 'error');
    expect(error).toEqual({
      rule: expect.stringMatching(/^[a-z-]+$/),
      codes: expect.arrayContaining(['IST0101']),
      severity: 'error',
      resource: { kind: 'VirtualService', namespace: 'shop', name: 'catalog' },
      path: expect.stringContaining('spec.http[0]'),
      file: BAD,
      line: expect.any(Number),
      message: expect.any(String),
      repair: expect.any(String),
    });
    expect(readFileSync(BAD, 'utf8').split('\n')[error.line - 1]).toContain('v9');
  });

  test('--fail-on sets the lowest severity with exit code 1', async () => {
    const warned = async (...more: string[]) => (await run(['analyze', STEP, '-q', ...more])).code;
    expect([
      await warned(),
      await warned('--fail-on', 'error'),
      await warned('--fail-on', 'warning'),
      await warned('--fail-on', 'info'),
    ]).toEqual([0, 0, 1, 1]);
  });

  test('--target ambient groups findings by namespace and step, and names the namespaces without any', async () => {
    const fixture = (rule: string) => join(__dirname, `../analysis/fixtures/${rule}/bad.yaml`);
    const namespace = file('idle.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: idle }\n');
    const paths = [fixture('ambient-allow-rule-lost'), fixture('ambient-sidecar-idle'), namespace];
    const { code, stdout } = await run(['analyze', '--target', 'ambient', '-q', ...paths]);
    expect(code).toBe(1);
    expect(stdout.split('\n').filter(line => /^namespace|^nothing found/.test(line))).toEqual([
      'namespace shop, 1 of 2: What sidecars admit is refused',
      'namespace shop, 2 of 2: Objects without effect',
      'nothing found for idle',
    ]);
    const json = await run(['analyze', '--target', 'ambient', '-q', '-f', 'json', ...paths]);
    expect(JSON.parse(json.stdout).findings.map(({ step }: { readonly step?: string }) => step)).toEqual(['refuses', 'idle', undefined]);
  });

  test('--upgrades-from finds what the newest Istio does differently than the current one', async () => {
    const manifests = join(__dirname, '../analysis/fixtures/default-retries-by-version/bad.yaml');
    const found = (...more: string[]) => run(['analyze', manifests, '-q', ...more]);
    expect((await found()).stdout).not.toContain('default-retries-by-version');
    expect((await found('--upgrades-from', '1.23')).stdout).toContain('default-retries-by-version');
    expect(await found('--upgrades-from', 'banana')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`--upgrades-from: 'banana' is not a known version; use one of ${KNOWN_VERSIONS}`),
    });
  });

  test('--config with --each: a suppression that one environment needs is not reported as unused for the others', async () => {
    for (const [environment, text] of [
      ['dev', WORLD + VERSIONS + routes(`[{ ${to({ v9: 1 })} }]`)],
      ['prod', readFileSync(GOOD, 'utf8')],
    ]) {
      mkdirSync(join(folder, 'each', environment), { recursive: true });
      file(`each/${environment}/all.yaml`, text);
    }
    const analyzed = async (resource: string) => {
      const config = file('suppressions.yaml', `suppressions: [{ rule: IST0101, resource: ${resource}, reason: meant }]`);
      const { stdout } = await run(['analyze', '--each', join(folder, 'each'), '--config', config, '--format', 'json', '-q']);
      return JSON.parse(stdout).findings.filter((f: { rule: string }) => f.rule === 'unused-suppression');
    };
    expect(await analyzed('"VirtualService shop/*"')).toEqual([]);
    const unused = await analyzed('"VirtualService other/*"');
    expect(unused).toEqual([expect.objectContaining({ severity: 'warning', message: expect.stringContaining('other/*') })]);
    expect(unused[0]).not.toHaveProperty('environment');
  });

  test('SARIF is valid for code scanning', async () => {
    const { stdout } = await run(['analyze', BAD, '--format', 'sarif', '-q']);
    const { version, runs: [{ tool, results }] } = JSON.parse(stdout);
    expect(version).toBe('2.1.0');
    for (const { ruleId, ruleIndex, level, message, locations, partialFingerprints } of results) {
      expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
      expect(['error', 'warning', 'note']).toContain(level);
      expect(message.text).not.toBe('');
      expect(locations[0].physicalLocation.artifactLocation.uri).not.toBe('');
      expect(partialFingerprints['finding/v1']).toMatch(/^[0-9a-f]{32}$/);
    }
  });

  test('SARIF has the version, and per rule its title and its section of the findings page', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    const page = readFileSync(join(ROOT, 'docs/findings.md'), 'utf8');
    const { stdout } = await run(['analyze', BAD, '--format', 'sarif', '-q']);
    const { driver } = JSON.parse(stdout).runs[0].tool;
    expect(driver).toMatchObject({ version, semanticVersion: version });
    expect(driver.rules).not.toEqual([]);
    for (const { id, shortDescription, helpUri } of driver.rules) {
      expect(page).toContain(`\n### ${id}\n\n`);
      expect(shortDescription.text).not.toBe(id);
      expect(helpUri).toBe(`https://github.com/cdk8s-istio/cdk8s-istio/blob/HEAD/docs/findings.md#${id}`);
    }
  });

  test('GitHub gets one command per finding, at its line', async () => {
    const { stdout } = await run(['analyze', BAD, '--complete', '--format', 'github', '-q']);
    expect(stdout).toMatch(/^::error file=.*bad\.yaml,line=\d+,title=[^:]*::VirtualService shop\/catalog: /m);
    for (const line of stdout.trim().split('\n')) expect(line).toMatch(/^::(error|warning|notice) /);
  });

  test('a config file suppresses findings, with a reason', async () => {
    const { stdout } = await run(['analyze', BAD, '--complete', '--format', 'json', '-q']);
    const { rule } = JSON.parse(stdout).findings.find((f: { severity: string }) => f.severity === 'error');
    const config = file(
      'config.yaml',
      `suppressions: [{ rule: ${rule}, resource: VirtualService shop/catalog, reason: it is on its way }]\n`,
    );
    expect(
      JSON.parse((await run(['analyze', BAD, '--complete', '--config', config, '--format', 'json', '-q'])).stdout).findings.filter(
        (f: { rule: string }) => f.rule === rule,
      ),
    ).toEqual([]);
    expect((await run(['analyze', BAD, '--config', join(folder, 'nothing')])).code).toBe(2);
  });
});

describe('explain', () => {
  test('text has the table of istioctl, and per route its origin, position, split, mirror, timeout and policies', async () => {
    const { code, stdout } = await run(['explain', STEP, '--from', 'istioinaction/app=webapp', '--host', 'catalog', '-q']);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^NAME +VHOST NAME +DOMAINS +MATCH +VIRTUAL SERVICE$/);
    expect(stdout).toMatch(/^80 +catalog\.istioinaction\.svc\.cluster\.local:80 .* \/items\* +catalog\.istioinaction$/m);
    for (const part of ['goes to: 90 % version-v1', 'mirror: 100 % to version-v2', 'timeout: 2s', 'retries: 2 on', 'position: before route 4, which would take all of its requests',
      'traffic.k8s.yaml:', 'limits: max connections 100', 'outlier detection: ', 'per calling proxy and per cluster']) expect(stdout).toContain(part);
    expect(stdout).not.toContain('forum');
  });

  test('JSON is Envoy\'s own, and with --host only what belongs to the host', async () => {
    const { stdout } = await run(['explain', STEP, '--from', 'istioinaction', '--host', 'catalog.istioinaction', '--format', 'json', '-q']);
    const { routes: configurations, clusters, listeners, notes } = JSON.parse(stdout);
    expect(configurations.map((r: { virtualHosts: { name: string }[] }) => r.virtualHosts.map(v => v.name))).toEqual([
      ['catalog.istioinaction.svc.cluster.local:80'],
    ]);
    expect(clusters.map((c: { name: string }) => c.name).sort()).toEqual(['version-v1', 'version-v2', '']
      .map(subset => `outbound|80|${subset}|catalog.istioinaction.svc.cluster.local`).sort());
    expect(listeners.map((l: { name: string }) => l.name)).toEqual(['0.0.0.0_80']);
    expect(Array.isArray(notes)).toBe(true);
  });

  test('text says which routes no request reaches, because one or several others take all of their requests', async () => {
    const uri = (regex: string, version: string) => `{ match: [{ uri: { regex: '${regex}' } }], ${to({ [version]: 1 })} }`;
    const positions = join(folder, 'positions.yaml');
    writeFileSync(
      positions,
      WORLD
        + VERSIONS
        + routes(`[${uri('/v[0-4]', 'v1')}, ${uri('/v[5-9]', 'v2')}, ${uri('/v[3-6]', 'v3')}, ${uri('/v1', 'v3')}, { ${to({ v1: 1 })} }]`),
    );
    const { stdout } = await run(['explain', positions, '--from', 'shop', '--host', 'catalog', '-q']);
    expect([...stdout.matchAll(/position: (.*)/g)].map(([, text]) => text)).toEqual([
      'before route 5, which would take all of its requests', 'before route 5, which would take all of its requests',
      'never reached: earlier routes together take all of its requests', 'never reached: route 1 takes all of its requests',
      'after narrower routes: it takes the remaining requests',
    ]);
  });

  test('text says that a route is never reached because no request meets its conditions', async () => {
    const path = file('no-request.yaml', WORLD + VERSIONS + routes(`[{ match: [{ uri: { prefix: items } }], ${to({ v1: 1 })} }, { ${to({ v1: 1 })} }]`));
    const { stdout } = await run(['explain', path, '--from', 'shop', '--host', 'catalog', '-q']);
    expect([...stdout.matchAll(/position: (.*)/g)].map(([, text]) => text)).toEqual([
      'never reached: no request meets its conditions', 'anywhere: it shares no request with another route',
    ]);
  });

  test('an unknown host is an error with a suggestion', async () => {
    const { code, stderr } = await run(['explain', STEP, '--from', 'istioinaction', '--host', 'catalgo']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('did you mean catalog?')]);
  });

  test('a route names its constructs if the manifest records them', async () => {
    const annotated = file('origins.yaml', (WORLD + VERSIONS + routes(`[{ name: default, ${to({ v1: 1 })} }]`))
      .replace('kind: VirtualService\nmetadata: { name: catalog,', 'kind: VirtualService\nmetadata: { annotations: { cdk8s-istio/origin: \'{"routes":{"default":["shop/Canary"]}}\' }, name: catalog,'));
    expect((await run(['explain', annotated, '--from', 'shop', '--host', 'catalog', '-q'])).stdout).toContain('from: shop/Canary at ');
  });

  test('names the defaults of a host, the construct that sets each one, and what replaces it', async () => {
    const { stdout } = await run(['explain', 'examples/golden-path/expected', '--from', 'shop/app=web', '--host', 'orders.checkout', '-q']);
    expect(stdout).toContain('     timeout: platform/Defaults, replaced by checkout/SlowPayments\n');
    expect(stdout).toContain('     loadBalancer: checkout/Orders/Defaults\n');
    expect(stdout).not.toContain('search/');
  });
});

describe('request', () => {
  test('shows where a request goes, and why', async () => {
    const { code, stdout } = await run([
      'request',
      STEP,
      '--from',
      'istioinaction',
      'GET',
      'http://catalog/items',
      '-H',
      'x-istio-cohort: internal',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('100 % to version-v2 of catalog');
    expect(stdout).toContain('outcome: routed');
  });

  test('--count draws a split, the same for the same seed', async () => {
    const args = ['request', STEP, '--from', 'istioinaction', 'GET', 'http://catalog/items', '--count', '1000', '--format', 'json'];
    const [one, two, other] = await Promise.all([[], [], ['--seed', '2']].map(async seed => (await run([...args, ...seed])).stdout));
    expect(two).toBe(one);
    expect(other).not.toBe(one);
    const { tally } = JSON.parse(one) as { tally: { what: string; count: number }[] };
    const count = (what: string) => tally.find(t => t.what === what)!.count;
    expect(count('to version-v1 of catalog.istioinaction:80') + count('to version-v2 of catalog.istioinaction:80')).toBe(1000);
    expect(Math.abs(count('to version-v1 of catalog.istioinaction:80') - 900)).toBeLessThan(40);
    expect(count('mirrored to version-v2 of catalog.istioinaction:80')).toBe(1000);
  });

  test('--expect-routed fails if the request is blocked, and only then', async () => {
    const lockdown = [
      'request',
      'examples/coolstore/expected/08-egress-lockdown',
      '--from',
      'istioinaction',
      'GET',
      'http://elsewhere.example.com/',
    ];
    expect(await run(lockdown)).toMatchObject({ code: 0, stdout: expect.stringContaining('blocked') });
    expect((await run([...lockdown, '--expect-routed'])).code).toBe(1);
    expect((await run(['request', STEP, '--from', 'istioinaction', 'GET', 'http://catalog/', '--expect-routed'])).code).toBe(0);
  });
});

describe('diff', () => {
  const [OLD, NEW] = ['examples/coolstore/expected/06-traffic-shifting', 'examples/coolstore/expected/07-mirroring'];

  test('exit code 0 without output for the same traffic, 1 for other traffic', async () => {
    expect(await run(['diff', OLD, OLD, '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await run(['diff', OLD, NEW, '-q'])).toMatchObject({ code: 1, stderr: '' });
  });

  test('JSON, Markdown and text have the same content', async () => {
    const { changes, findings } = JSON.parse((await run(['diff', OLD, NEW, '--format', 'json', '-q'])).stdout);
    expect(changes.map((c: { kind: string }) => c.kind)).toEqual(['shares', 'mirror']);
    expect(Object.keys(findings)).toEqual(['new', 'gone']);
    const markdown = (await run(['diff', OLD, NEW, '--format', 'markdown', '-q'])).stdout;
    expect(markdown).toContain('2 changes: 2 medium');
    expect(markdown).toContain('version-v2 of catalog.istioinaction:80 from 10 % to 0 %');
    expect((await run(['diff', OLD, NEW, '-q'])).stdout).toContain('version-v2 of catalog.istioinaction:80 from 10 % to 0 %');
  });

  test('new findings and findings that are gone', async () => {
    const { findings } = JSON.parse((await run(['diff', GOOD, BAD, '--format', 'json', '-q'])).stdout);
    expect(findings.new).toContainEqual(expect.objectContaining({ codes: expect.arrayContaining(['IST0101']) }));
    expect(JSON.parse((await run(['diff', BAD, GOOD, '--format', 'json', '-q'])).stdout).findings.gone.length).toBe(findings.new.length);
  });

  test('a kind that one side lacks is not a finding that appears or disappears', async () => {
    const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata: { mesh: "enableTracing: true" }\n';
    const other = file('other.yaml', `${readFileSync(GOOD, 'utf8')}\n---\n${config}`);
    expect(JSON.parse((await run(['analyze', other, '--format', 'json', '-q'])).stdout).findings)
      .toContainEqual(expect.objectContaining({ rule: 'kinds-missing' }));
    expect(JSON.parse((await run(['diff', GOOD, other, '--format', 'json', '-q'])).stdout).findings).toEqual({ new: [], gone: [] });
  });

  test('--rollout reports what fails during the rollout', async () => {
    const next = file('next.yaml', WORLD + VERSIONS.replace(/(?<=: )v1/g, 'v4') + routes(`[{ ${to({ v4: 1 })} }]`));
    const { rollout } = JSON.parse((await run(['diff', '--rollout', GOOD, next, '--format', 'json', '-q'])).stdout);
    expect(rollout.map((p: { kind: string }) => p.kind)).toEqual(['routed-before-it-exists', 'gone-while-routed-to']);
    expect((await run(['diff', '--rollout', GOOD, next, '-q'])).stdout).toContain('keep the subset for one more release');
  });
});

describe('graph', () => {
  test('DOT on stdout, with namespaces, shares and dashed mirrors', async () => {
    const { code, stdout } = await run(['graph', STEP, '-q']);
    expect(code).toBe(0);
    expect(stdout).toContain('label=<istioinaction>');
    expect(stdout).toMatch(/label=<.*\/items\* 90 %.*>/);
    expect(stdout).toMatch(/label=<mirror 100 %>.*style=dashed/);
  });

  test('SVG, HTML and Mermaid', async () => {
    const [picture, page, chart] = await Promise.all(['mesh.svg', 'mesh.html', 'mesh.mmd'].map(async name => {
      expect(await run(['graph', STEP, '-o', join(folder, name), '-q'])).toEqual({ code: 0, stdout: '', stderr: '' });
      return readFileSync(join(folder, name), 'utf8');
    }));
    expect(picture).toMatch(/^<svg [^>]*viewBox/);
    expect(picture).toContain('version-v2');
    expect(page).toContain('<!doctype html>');
    expect(page).not.toMatch(/(src|href)="(?!#)/); // the page loads nothing
    expect(chart).toMatch(/^flowchart LR\n/);
    expect(chart).toContain('-.->|"mirror 100 %"|');
  });

  test('--focus keeps one service and its neighbors', async () => {
    const { stdout } = await run(['graph', STEP, '--focus', 'catalog', '-q']);
    expect(stdout).toContain('catalog');
    expect(stdout).not.toContain('forum');
    expect((await run(['graph', STEP, '--focus', 'catalgo'])).stderr).toContain('did you mean catalog?');
  });

  test('--access draws who may call whom', async () => {
    const access = 'examples/coolstore/expected/21-access';
    const { code, stdout } = await run(['graph', access, '--access', '--focus', 'catalog', '-q']);
    expect(code).toBe(0);
    for (const part of ['every GET request', 'webapp', 'denied by default', 'all other workloads', 'mutual TLS alone (STRICT)']) expect(stdout).toContain(part);
    expect(stdout).not.toContain('forum');
    expect((await run(['graph', access, '--access', '--from', 'istioinaction'])).stderr).toContain('--access draws the callers of all pods');
  });

  test('blocked egress is drawn, with the allowed hosts', async () => {
    const { stdout } = await run(['graph', 'examples/coolstore/expected/09-external-dependency', '-q']);
    expect(stdout).toContain('any other host: blocked');
    expect(stdout).toContain('jsonplaceholder.typicode.com');
  });

  test('a file that cannot be written is an error', async () => {
    expect(await run(['graph', STEP, '-o', join(folder, 'no/such/mesh.svg')])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be written'),
    });
  });
});

describe('names from manifests', () => {
  /** Everything that a terminal, a reader or a pipeline could execute. */
  const TRICKY = `x\n::error title=pwned::y\r\u001b[31m\u009b2J\u202e\u2028\u00ad\u{e0041}##[error]z##vso[task.setvariable variable=a]b##teamcity[x]${EVIL}`;
  const quoted = JSON.stringify(TRICKY);
  const tricky = file('tricky.yaml', WORLD + VERSIONS + `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${quoted}, namespace: shop, annotations: { cdk8s-istio/origin: ${JSON.stringify(JSON.stringify({ policies: [TRICKY] }))} } }
spec:
  hosts: [catalog.shop.svc.cluster.local]
  http:
  - name: ${quoted}
    match: [{ headers: { x-a: { exact: ${quoted} } } }]
    ${to({ [quoted]: 1 })}
  - { ${to({ v1: 1 })} }
---
apiVersion: v1
kind: Service
metadata: { name: ${quoted}, namespace: ${quoted} }
spec: { selector: { app: ${quoted} }, ports: [{ name: http, port: 80 }] }
`);
  const broken = file('broken.yaml', `apiVersion: v1\nkind: ${quoted}\nmetadata: { name: ${quoted}, namespace: 5 }\n`);
  const twice = file('twice.yaml', `apiVersion: v1\nkind: Service\nmetadata: { name: a, ${quoted}: 1, ${quoted}: 2 }\n`);
  const named = file('a\n::error title=pwned::b.yaml', 'a: [');

  test.each([
    ...['text', 'json', 'sarif', 'github'].map(format => ['analyze', tricky, broken, twice, named, '--format', format]),
    ...['text', 'json'].flatMap(format => [
      ['explain', tricky, '--from', 'shop', '--format', format],
      ['request', tricky, '--from', 'shop', 'GET', 'http://catalog/', '-H', `x-a: ${TRICKY}`, '--format', format],
      ['request', tricky, '--from', 'shop', 'GET', 'http://catalog/', '--count', '9', '--format', format],
    ]),
    ...['text', 'json', 'markdown'].flatMap(
      format => [['diff', GOOD, tricky, '--format', format], ['diff', tricky, GOOD, '--rollout', '--format', format]],
    ),
    ['graph', tricky],
    ...[broken, twice, named].flatMap(
      path => [
        ['explain', path, '--from', 'shop'],
        ['request', path, '--from', 'shop', 'GET', 'http://a'],
        ['graph', path],
        ['diff', path, path],
      ],
    ),
    ['explain', tricky, '--from', 'shop', '--host', TRICKY], ['explain', tricky, '--from', TRICKY], ['graph', tricky, '--focus', TRICKY],
    [TRICKY], ['analyze', TRICKY], ['analyze', `--${TRICKY}`], ['analyze', `git:HEAD:${TRICKY}`], ['analyze', tricky, '--config', broken], [
      'analyze',
      tricky,
      '--mesh-config',
      broken,
    ],
  ])('cannot inject commands into a terminal or a pipeline: %j', async (...args) => {
    const { stdout, stderr } = await run(args);
    const commands = args.includes('github')
      ? /^::(?!(error|warning|notice) (file=[^:]*,)?(line=\d+,)?title=[a-zA-Z0-9 -]+::)/m
      : /^\s*::/m;
    for (const text of [stdout, stderr]) {
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(text).not.toMatch(commands);
      expect(text).not.toMatch(/##(\[|vso\[|teamcity\[)/);
    }
  });

  test('are unchanged in JSON', async () => {
    const { stdout } = await run(['explain', tricky, '--from', 'shop', '--format', 'json', '-q']);
    const names = (JSON.parse(stdout).routes as { virtualHosts: { routes: { name: string }[] }[] }[]).flatMap(r =>
      r.virtualHosts.flatMap(v => v.routes.map(({ name }) => name)),
    );
    expect(names).toContain(TRICKY);
  });

  test('cannot inject markup into Markdown, SVG and HTML', async () => {
    const markdown = (await run(['diff', GOOD, HOSTILE, '--format', 'markdown', '-q'])).stdout;
    expect(markdown).not.toMatch(/<img|@everyone|(?<!\\)\[x\]/);
    for (const line of markdown.split('\n').filter(l => l.startsWith('| '))) expect(line.match(/(?<!\\)\|/g)).toHaveLength(7);
    for (const name of ['hostile.svg', 'hostile.html', 'hostile.mmd', 'hostile.dot']) {
      await run(['graph', HOSTILE, '-o', join(folder, name), '-q']);
      const text = readFileSync(join(folder, name), 'utf8');
      expect(text).not.toMatch(/<img|<\/script><img/);
      expect(text).not.toContain('\u001b');
    }
  });

  test('cannot inject links into SARIF', async () => {
    const { stdout } = await run(['analyze', HOSTILE, '--format', 'sarif', '-q']);
    for (const { message } of JSON.parse(stdout).runs[0].results) expect(message.text).not.toMatch(/(?<!\\)\[[^\]]*\]\(/);
  });
});
