import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROCESS, ROOT, run, runProcess } from './command-line';
import type { Ran } from '../../scripts/tour';
import { COMMANDS } from '../../src/cli/commands';
import { KNOWN_VERSIONS } from '../../src/envoy/istio-versions';

const STEPS = 'examples/coolstore/expected';

describe('the command line', () => {
  test('--help names every command, and each command\'s help its options, exit codes and examples', async () => {
    const { code, stdout, stderr } = await run(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const { name } of COMMANDS) expect(stdout).toContain(`\n  ${name} `);
    const help = await run(['diff', '--help']);
    expect(help.code).toBe(0);
    for (const part of ['Usage: cdk8s-istio diff OLD NEW', '--rollout', 'Exit codes:', '1  other traffic', 'Examples:']) {
      expect(help.stdout).toContain(part);
    }
    expect((await run(['help', 'diff'])).stdout).toBe(help.stdout);
  });

  test('--version is the package\'s', async () => {
    expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test.each([
    [[], 'a command is required'],
    [['anlyze'], 'unknown command \'anlyze\'; did you mean analyze?'],
    [['help', 'nope'], 'unknown command \'nope\'; use one of init, adopt, analyze, explain, request, diff, check, holes, graph, facts, completion'],
    [['diff', 'a'], 'diff requires OLD NEW'],
    [['diff', 'a', 'b', 'c'], '\'c\' is one too many'],
    [['analyze', '--fromat', 'json', 'a'], 'no option --fromat; did you mean --format?'],
    [['analyze', '--istio', '1.22', 'a'], 'analyze has no option --istio'],
    [['analyze', '--format', 'xml', 'a'], '--format must be one of text, json, sarif, github, not \'xml\''],
    [['analyze', '--format', 'json', '--format', 'text', 'a'], '--format is set twice'],
    [['analyze', 'a', '--config'], '--config requires a value'],
    [['analyze', 'a', '--config', ''], '--config requires a value: --config=FILE'],
    [['analyze', 'a', '--facts='], '--facts requires a value: --facts=FILE'],
    [['graph', 'a', '-o', ''], '-o requires a value: --output=FILE'],
    [['analyze', 'a', ''], 'analyze takes PATH..., but one operand is empty'],
    [['init', ''], 'init takes [FOLDER], but one operand is empty'],
    [['analyze', '--quiet=yes', 'a'], '--quiet takes no value'],
    [['analyze', STEPS, '--config', 'nowhere.yaml'], '--config: nowhere.yaml: there is no such file or folder; name an existing one'],
    [
      ['analyze', STEPS, '--mesh-config', 'nowhere.yaml'],
      '--mesh-config: nowhere.yaml: there is no such file or folder; name an existing one',
    ],
    [['completion', 'csh'], 'completion takes one of bash, zsh, fish, not \'csh\''],
    [['explain', STEPS], 'the caller is required; add --from'],
    [['explain', STEPS, '--from', 'a', '--gateway', 'b'], 'use one of them'],
    [['explain', STEPS, '--from', 'Shop!'], '\'Shop!\' is not a namespace name'],
    [['explain', STEPS, '--from', 'shop/webapp'], '\'webapp\' is not a label; write KEY=VALUE'],
    [['explain', STEPS, '--gateway', 'shop', '--inbound'], '--inbound is about the pods of --from'],
    [['explain', STEPS, '--from', 'shop', '--inbound', '--host', 'catalog'], '--inbound and --host contradict each other'],
    [['explain', STEPS, '--from', 'shop', '--istio', 'newest'], '\'newest\' is not a known version'],
    [['explain', STEPS, '--from', 'shop', '--istio', '0.1'], `'0.1' is not a known version; use one of ${KNOWN_VERSIONS}`],
    [
      ['request', STEPS, 'GET', 'http://catalog', '--from', 'shop', '--istio', '2.0'],
      `'2.0' is not a known version; use one of ${KNOWN_VERSIONS}`,
    ],
    [['diff', STEPS, STEPS, '--istio', '1.99'], `'1.99' is not a known version; use one of ${KNOWN_VERSIONS}`],
    [['graph', STEPS, '--istio', '1.22x'], '\'1.22x\' is not a known version'],
    [['request', `${STEPS}/20-composed`, '--from', 'shop', 'GET', 'catalog/items'], 'must start with http:// or https://'],
    [['request', `${STEPS}/20-composed`, '--from', 'shop', 'GET', 'http://catalog', '-H', 'nothing'], '\'nothing\' is not a header'],
    [['request', STEPS, '--from', 'shop', 'GET', 'http://catalog', '--count', 'many'], '\'many\' is not an integer'],
    [
      ['request', STEPS, '--from', 'shop', 'GET', 'http://catalog', '--expect-denied', '--expect-routed'],
      '--expect-denied and --expect-routed contradict each other; use one of them',
    ],
    [['graph', STEPS, '-o', 'mesh.gif'], 'ends in none of .dot, .mmd, .svg, .html, .png'],
    [['diff', '-', '-'], 'OLD or NEW, not both'],
  ])('%j is an error with exit code 2', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('a reader that closes the pipe is not an error, and the exit code stays that of the command', () => {
    const script = `"$0" "$@" explain ${STEPS}/20-composed --from istioinaction --format json -q | head -c 10 > /dev/null; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, ...PROCESS], { encoding: 'utf8', cwd: ROOT });
    expect([stdout, stderr]).toEqual(['0\n', '']);
  });

  const toFullDisk = existsSync('/dev/full') ? test.each : test.skip.each;
  toFullDisk([
    ['--help'],
    ['analyze', STEPS],
    ['explain', STEPS, '--from', 'istioinaction'],
    ['diff', `${STEPS}/01-ingress`, `${STEPS}/02-subsets`],
    ['graph', STEPS],
    ['completion', 'bash'],
  ])(
    'a result that cannot be written is told in one line, with exit code 2: %s', (...args) => {
      const { status, stderr } = spawnSync(
        'bash',
        ['-c', '"$0" "$@" > /dev/full', ...PROCESS, ...args, ...(args[0].startsWith('--') ? [] : ['-q'])],
        { encoding: 'utf8', cwd: ROOT },
      );
      expect([status, stderr]).toEqual([2, 'error: the result cannot be written (ENOSPC)\n']);
    });

  test.each(['bash', 'zsh', 'fish'])('%s reads its completions', async shell => {
    const { code, stdout } = await run(['completion', shell]);
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(stdout).toContain(name);
    const folder = mkdtempSync(join(tmpdir(), 'completion-'));
    writeFileSync(join(folder, 'completion'), stdout);
    const { status, error } = spawnSync(shell, ['-n', join(folder, 'completion')]);
    rmSync(folder, { recursive: true });
    if (!error) expect(status).toBe(0); // skips a shell that is not installed
  });

  test('bash completes commands, options and their values', async () => {
    const completions = (await run(['completion', 'bash'])).stdout;
    const complete = (...words: string[]) => spawnSync('bash', ['-c', `${completions}
      COMP_WORDS=(${words.map(word => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _cdk8s_istio; echo "\${COMPREPLY[*]}"`], { encoding: 'utf8' }).stdout.trim();
    expect(complete('cdk8s-istio', 'an')).toBe('analyze');
    expect(complete('cdk8s-istio', 'diff', '--ro')).toBe('--rollout');
    expect(complete('cdk8s-istio', 'diff', '--format', '')).toBe('text markdown json');
    expect(complete('cdk8s-istio', 'completion', 'z')).toBe('zsh');
  });
});

describe('input', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'cli-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, text: string) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const service = (name: string, namespace?: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}${namespace === undefined ? '' : `, namespace: ${namespace}`} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`;
  const explained = (...args: string[]) => ['explain', ...args, '--from', 'shop', '--format', 'json', '-q'];
  const hostsOf = ({ stdout }: Ran) => {
    return (JSON.parse(stdout).routes as { virtualHosts: { name: string }[] }[])
      .flatMap(r => r.virtualHosts.map(v => v.name))
      .filter(name => name.includes('.'));
  };

  test('a missing path', async () => {
    const { code, stderr } = await run(['analyze', join(folder, 'nothing')]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('there is no file or folder')]);
  });

  test('standard input, with a namespace as kubectl apply -n gives it', async () => {
    expect(hostsOf(runProcess(explained('-', '-n', 'shop'), { input: service('catalog') }))).toEqual(['catalog.shop.svc.cluster.local:80']);
  });

  test('a folder given twice counts once, and circular links end', async () => {
    write('a.yaml', service('catalog', 'shop'));
    symlinkSync(folder, join(folder, 'again'));
    expect(hostsOf(await run(explained(folder, folder)))).toEqual(['catalog.shop.svc.cluster.local:80']);
  });

  test('broken YAML is rejected with file, line and repair', async () => {
    write('bad.yaml', 'apiVersion: v1\nkind: Service\nmetadata: { name: a\n');
    const { code, stderr } = await run(['explain', folder, '--from', 'shop']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: .*bad\.yaml:\d+: /);
  });

  test('every command that translates reports what Kubernetes would reject, with file, line and repair', async () => {
    const file = write('ill.yaml', `${service('catalog', 'shop')}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec:
  hosts: [catalog]
  http:
  - route: [{ destination: { host: catalog } }]
    timeout: 5
---
apiVersion: v1
kind: Service
metadata: { name: orders, namespace: shop }
spec: { ports: [null] }
`);
    const refusal = `error: ${file}:13: VirtualService shop/catalog: spec.http[0].timeout is 5, but must be a string; put it in quotes
${file}:18: Service shop/orders: spec.ports[0] is null, but must be an object\n`;
    for (const args of [
      ['explain', file, '--from', 'shop'],
      ['request', file, 'GET', 'http://catalog', '--from', 'shop'],
      ['diff', file, file],
      ['graph', file],
    ]) {
      expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: refusal });
    }
  });

  test('a regex that Envoy would reject is a mistake in the manifests, not a bug in the command', async () => {
    const file = write('regex.yaml', `${service('catalog', 'shop')}---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: catalog, namespace: shop }
spec: { hosts: [catalog], http: [{ match: [{ uri: { regex: '(' } }], route: [{ destination: { host: catalog } }] }] }
`);
    const { code, stderr } = await run(['request', file, 'GET', 'http://catalog', '--from', 'shop']);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^error: Envoy would reject route configuration 80: .*'\(' is not a valid RE2 regex/),
    ]);
  });

  test('an unknown host is an error that lists the known ones, each once and by its full name', async () => {
    const file = write('services.yaml', `${service('catalog', 'shop')}---\n${service('orders', 'shop')}`);
    const known = 'catalog.shop.svc.cluster.local, orders.shop.svc.cluster.local';
    expect(await run(['explain', file, '--from', 'shop', '--host', 'nope'])).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: the proxy knows no host 'nope'; it knows ${known}\n`,
    });
  });

  test.each([
    ['extensionProviders: 5', ': extensionProviders is 5, but must be a list'],
    ['defaultServiceExportTo: [1]', ': defaultServiceExportTo[0] is 1, but must be a string; put it in quotes'],
    ['- a', ' must be an object; write fields of MeshConfig'],
    [
      'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: i }\nspec: { meshConfig: text }',
      ', spec.meshConfig must be an object',
    ],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio }\ndata: { mesh: 5 }', ', data.mesh must be a string'],
  ])('every command rejects invalid MeshConfig: %j', async (text, message) => {
    const [config, file] = [write('mesh.yaml', `${text}\n`), write('service.yaml', service('catalog', 'shop'))];
    for (const args of [['analyze', file], ['explain', file, '--from', 'shop']]) {
      expect(await run([...args, '--mesh-config', config])).toEqual({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(`error: --mesh-config: ${config}${message}`),
      });
    }
  });

  test('a field of MeshConfig that is null counts as absent', async () => {
    const [config, file] = [
      write('mesh.yaml', 'rootNamespace:\nextensionProviders: null\n'),
      write('service.yaml', service('catalog', 'shop')),
    ];
    expect(hostsOf(await run(explained(file, '--mesh-config', config)))).toEqual(hostsOf(await run(explained(file))));
  });

  test('--istio accepts a version with and without a v, and with a patch', async () => {
    const file = write('service.yaml', service('catalog', 'shop'));
    const [plain, ...others] = await Promise.all(
      ['1.22', 'v1.22', '1.22.3'].map(version => run(['explain', file, '--from', 'shop', '--format', 'json', '-q', '--istio', version])),
    );
    expect(plain.code).toBe(0);
    for (const other of others) expect(JSON.parse(other.stdout).clusters).toEqual(JSON.parse(plain.stdout).clusters);
  });

  test('files of other tools are skipped with a message', async () => {
    write('values.yaml', 'replicas: 3\n');
    write('service.yaml', service('catalog', 'shop'));
    const { code, stderr } = await run(['explain', folder, '--from', 'shop']);
    expect(code).toBe(0);
    expect(stderr).toContain('skipped: ');
    expect(stderr).toContain('values.yaml');
  });

  test('an input without objects is rejected, so an empty pipe or a wrong folder never passes', async () => {
    const error = 'error: the input holds no Kubernetes object; name files or folders with manifests\n';
    expect(runProcess(['analyze', '-'])).toEqual({ code: 2, stdout: '', stderr: error });
    for (const args of [
      ['analyze', folder, '--format', 'json'],
      ['explain', folder, '--from', 'shop'],
      ['request', folder, 'GET', 'http://a', '--from', 'shop'],
      ['graph', folder],
    ]) {
      expect(await run(args)).toEqual({ code: 2, stdout: '', stderr: error });
    }
    const values = write('values.yaml', 'replicas: 3\n');
    expect(await run(['analyze', folder])).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`skipped: ${values}:1: `) });
  });

  test('a file that cannot be read is a finding of analyze even without objects', async () => {
    write('bad.yaml', 'a: [\n');
    const { code, stdout, stderr } = await run(['analyze', folder, '--format', 'github']);
    expect([code, stdout]).toEqual([1, expect.stringContaining('title=unreadable-manifest')]);
    expect(stderr).toContain('the input holds no Kubernetes object: 1 error');
  });

  test('a side of diff, or one folder of --each, may be empty', async () => {
    mkdirSync(join(folder, 'empty'));
    write('full/a.yaml', service('catalog', 'shop'));
    expect(await run(['diff', join(folder, 'empty'), join(folder, 'empty')])).toMatchObject({ code: 0, stdout: '' });
    expect((await run(['diff', join(folder, 'empty'), join(folder, 'full')])).code).toBe(1);
    expect((await run(['analyze', '--each', folder, '-q', '--format', 'json'])).code).toBe(0);
  });

  test('an unreadable file inside a folder is a finding of analyze, and stops the others', async () => {
    const file = write('secret.yaml', service('catalog', 'shop'));
    chmodSync(file, 0);
    if (process.getuid?.() === 0) {
      writeFileSync(
        file,
        Buffer.from([0xff, 0xfe, 0x00, 0x41]),
      );
    } // root may read every file, but this one is not UTF-8
    const { code, stdout } = await run(['analyze', folder, '--format', 'json', '-q']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout).findings[0]).toMatchObject({ rule: 'unreadable-manifest', severity: 'error', file });
    expect((await run(['explain', folder, '--from', 'shop'])).code).toBe(2);
  });

  test('--each makes every direct sub-folder its own environment', async () => {
    write('dev/a.yaml', service('catalog', 'shop'));
    write('prod/a.yaml', service('orders', 'shop'));
    const { stdout } = await run(['explain', '--each', folder, '--from', 'shop', '--format', 'json', '-q']);
    expect(JSON.parse(stdout).environments.map((e: { environment: string }) => e.environment)).toEqual(['dev', 'prod']);
    expect((await run(['explain', '--each', join(folder, 'dev'), '--from', 'shop'])).stderr).toContain('has none');
  });

  test('git:REVISION:PATH reads a revision without touching the working tree', async () => {
    const git = (...args: string[]) => spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
    write('deploy/a.yaml', service('catalog', 'shop'));
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
    write('deploy/b.yaml', service('orders', 'shop'));
    expect(hostsOf(await run(explained('git:HEAD:deploy'), folder))).toEqual(['catalog.shop.svc.cluster.local:80']);
    const { code, stdout } = await run(['diff', 'git:HEAD:deploy', 'deploy', '--format', 'json', '-q'], folder);
    expect([code, JSON.parse(stdout).changes.map((c: { kind: string }) => c.kind)]).toEqual([1, ['host-reachable']]);
    expect((await run(['diff', 'git:nowhere:deploy', 'deploy'], folder)).stderr).toContain('there is no revision \'nowhere\'');
    expect((await run(['diff', 'git:HEAD:other', 'deploy'], folder)).stderr).toContain('has nothing at \'other\'');
    expect((await run(['diff', 'git:--output=x:deploy', 'deploy'], folder)).stderr).toContain('there is no revision');
  });
});
