import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROCESS, ROOT, run, runProcess } from './command-line';

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
`;
/** A comment in Latin-1, on the second line. */
const LATIN = Buffer.from(`# é\n# caf\xe9\n${service('latin')}`, 'latin1');

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'input-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

/** Every command that translates manifests. */
const asking = (path: string) => [
  ['explain', path, '--from', 'shop'], ['request', path, 'GET', 'http://catalog', '--from', 'shop'], ['graph', path], ['diff', path, path],
];

const hosts = ({ stdout }: { readonly stdout: string }) => (JSON.parse(stdout).clusters as { name: string }[])
  .map(({ name }) => name.split('|')[3]?.split('.')[0]).filter(name => name !== undefined).sort();
const explained = (...paths: string[]) => ['explain', ...paths, '--from', 'shop', '--format', 'json', '-q'];

describe('standard input', () => {
  const shell = (script: string) => {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', script, ...PROCESS], { encoding: 'utf8', cwd: ROOT });
    return { code: status, stdout, stderr };
  };

  test('is read to its end, even if it arrives slowly', () => {
    const file = write('a.yaml', service('catalog'));
    const { code, stdout, stderr } = shell(`(head -c 20 ${file}; sleep 4; tail -c +21 ${file}) | "$0" "$@" ${explained('-').join(' ')}`);
    expect([code, stderr]).toEqual([0, '']);
    expect(hosts({ stdout })).toEqual(['catalog']);
  }, 60_000);

  test('may be a pipe of the shell', () => {
    expect(hosts(shell(`"$0" "$@" ${explained(`<(printf '%s' '${service('catalog')}')`).join(' ')}`))).toEqual(['catalog']);
  }, 60_000);

  test('that is not in UTF-8 is rejected with its line', () => {
    const latin = Buffer.concat([Buffer.from('# é\n'), Buffer.from('# caf\xe9\n', 'latin1'), Buffer.from(service('a'))]);
    const { code, stderr } = runProcess(['explain', '-', '--from', 'shop'], { input: latin });
    expect([code, stderr]).toEqual([2, 'error: stdin:2: it is not in UTF-8; save it in UTF-8\n']);
  }, 60_000);

  test('that never ends is rejected', () => {
    const { code, stdout } = shell('"$0" "$@" analyze - --format json -q < /dev/zero');
    expect([code, JSON.parse(stdout).findings[0]]).toEqual([
      1,
      expect.objectContaining({ rule: 'unreadable-manifest', file: 'stdin', message: expect.stringContaining('null byte') }),
    ]);
  }, 60_000);
});

describe('git:REVISION:PATH', () => {
  const git = (...args: string[]) => {
    const { status, stderr } = spawnSync(
      'git',
      ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'protocol.file.allow=always', ...args],
      { cwd: folder, encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(stderr);
  };
  const commit = () => {
    git('add', '-A');
    git('commit', '-qm', 'all');
  };
  const read = async (path: string, cwd = folder) => run(explained(path), cwd);
  beforeEach(() => git('init', '-q'));

  test('that is not in UTF-8 is rejected with its file and line', async () => {
    write('deploy/a.yaml', LATIN);
    commit();
    expect((await read('git:HEAD:deploy')).stderr).toBe('error: git:HEAD:deploy/a.yaml:1: it is not in UTF-8; save it in UTF-8\n');
  });

  test('follows links to files and folders of the revision, and circular links once', async () => {
    write('base/a.yaml', service('a'));
    write('base/more/b.yaml', service('b'));
    mkdirSync(join(folder, 'deploy/sub'), { recursive: true });
    symlinkSync('../base/a.yaml', join(folder, 'deploy/linked.yaml'));
    symlinkSync('../base/more', join(folder, 'deploy/folder'));
    symlinkSync('..', join(folder, 'deploy/sub/again'));
    commit();
    expect(hosts(await read('git:HEAD:deploy'))).toEqual(['a', 'b']);
    expect(hosts(await read('git:HEAD:deploy/linked.yaml'))).toEqual(['a']);
    expect(hosts(await read('git:HEAD:.', join(folder, 'deploy')))).toEqual(['a', 'b']);
    expect(hosts(await read('git:HEAD:../base', join(folder, 'deploy')))).toEqual(['a', 'b']);
  });

  test('reports dangling links and submodules', async () => {
    write('deploy/a.yaml', service('a'));
    symlinkSync('../nowhere.yaml', join(folder, 'deploy/dead.yaml'));
    commit();
    expect((await read('git:HEAD:deploy')).stderr).toBe(
      'error: git:HEAD:deploy/dead.yaml: the symbolic link has no target in this revision; remove it\n',
    );
    rmSync(join(folder, 'deploy/dead.yaml'));
    git('clone', '-q', '.', 'elsewhere');
    git('submodule', '-q', 'add', './elsewhere', 'deploy/module');
    commit();
    expect((await read('git:HEAD:deploy')).stderr).toContain(
      'error: git:HEAD:deploy/module: a submodule is in another repository; name the paths next to it',
    );
  });

  test('reads the same as the folder itself, for every command', async () => {
    for (const name of [
      'a.yaml', 'b/c.YML', 'd.json.yaml', '.hidden/x.yaml', 'b/node_modules/y.yaml', 'README.md', 'b/.z.yaml', 'name with \'"\n.yaml',
    ]) {
      write(`deploy/${name}`, service(`s${name.replace(/\W/g, '').toLowerCase()}`));
    }
    commit();
    expect(hosts(await read('git:HEAD:deploy'))).toEqual(hosts(await run(explained(join(folder, 'deploy')))));
  });
});

describe('Helm templates', () => {
  test('are reported once per file, and the other files are still read by every command', async () => {
    write('deploy/a.yaml', service('catalog'));
    write(
      'deploy/chart/templates/all.yaml',
      Array.from({ length: 50 }, (_, i) => `---\n{{- if .Values.x${i} }}\n${service(`{{ .Release.Name }}-${i}`)}{{- end }}\n`).join(''),
    );
    const deploy = join(folder, 'deploy');
    for (const args of asking(deploy)) {
      const { code, stderr } = await run(args);
      expect(code).toBe(0);
      expect(stderr).toContain('all.yaml:');
      expect(stderr.match(/template/g)).toHaveLength(args[0] === 'diff' ? 6 : 3);
    }
    const { code, stdout } = await run(['analyze', deploy, '--format', 'json', '-q']);
    const told = JSON.parse(stdout).findings.filter(({ file }: { file?: string }) => file?.endsWith('all.yaml'));
    expect([code, told]).toEqual([0, [expect.objectContaining({ rule: 'unrendered-template', severity: 'warning' })]]);
  });
});

test('files of a project next to manifests stop no command', async () => {
  write('deploy/a.yaml', service('catalog'));
  write('deploy/tsconfig.json', '{\n  // for the tests\n  "compilerOptions": { "strict": true, },\n}\n');
  write('deploy/package.json', '{ "name": "shop", "version": "1.0.0" }\n');
  write('deploy/rows.json', '{rating: 5}\n{rating: 4}\n');
  for (const args of asking(join(folder, 'deploy'))) {
    const { code, stderr } = await run(args);
    expect([code, stderr.match(/^skipped: /gm)?.length]).toEqual([0, args[0] === 'diff' ? 6 : 3]);
    expect(stderr).toMatch(
      /tsconfig\.json:1: the file holds no Kubernetes object: it lacks apiVersion and kind; write both if it is a manifest/);
  }
});

test('an IstioOperator without a name provides its MeshConfig', async () => {
  write('a.yaml', service('catalog'));
  write(
    'istio.yaml',
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: { meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }\n',
  );
  const { stdout } = await run(['request', folder, 'GET', 'http://elsewhere.example', '--from', 'shop', '-q']);
  expect(stdout).toContain('outcome: blocked');
});

test.each([
  ['values: { meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }', 'blocked'],
  ['meshConfig: { enableAutoMtls: false }, values: { meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }', 'blocked'],
  ['meshConfig: { outboundTrafficPolicy: { mode: ALLOW_ANY } }, values: { meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }', 'passed through'],
  ['values: { global: { hub: example } }', 'passed through'],
])('an IstioOperator with %s provides the MeshConfig that istioctl install merges', async (spec, outcome) => {
  write('a.yaml', service('catalog'));
  write('istio.yaml', `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: { ${spec} }\n`);
  const { stdout } = await run(['request', folder, 'GET', 'http://elsewhere.example', '--from', 'shop', '-q']);
  expect(stdout).toContain(`outcome: ${outcome}`);
});

test('a path through a file is an error that says so', async () => {
  const file = write('a.yaml', service('catalog'));
  expect((await run(['analyze', `${file}/`])).stderr)
    .toBe(`error: '${file}/' goes through a file as if it were a folder; name the file itself\n`);
});

test('numbers of MeshConfig may be in quotes, as in the pages of Istio about external authorization', async () => {
  const config = 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata:\n  mesh: |\n    '
    + 'extensionProviders: [{ name: opa, envoyExtAuthzGrpc: { service: opa.foo.svc.cluster.local, port: "9000" } }]\n';
  const { code, stdout } = await run(['analyze', write('quoted-port.yaml', config)]);
  expect([code, stdout]).toEqual([0, expect.not.stringContaining('extensionProviders')]);
  const { stdout: refused } = await run(['analyze', write('quoted-port.yaml', config.replace('"9000"', '"http"'))]);
  expect(refused).toContain('extensionProviders[0].envoyExtAuthzGrpc.port is "http", but must be an integer');
});

test.each([
  ['"a: ["', 'data.mesh:2: the document is not valid YAML'],
  ['"[1]"', 'data.mesh must be an object; write fields of MeshConfig'],
  ['"extensionProviders: 5"', 'data.mesh: extensionProviders is 5, but must be a list'],
])('Istio\'s ConfigMap with the mesh %s is a finding about the ConfigMap, and findings about other objects stay', async (mesh, message) => {
  write('a.yaml', `${service('catalog')}---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: v, namespace: shop }\n`
    + 'spec: { hosts: [catalog], http: [{ route: [{ destination: { host: nowhere } }] }] }\n');
  const config = write(
    'istio.yaml',
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata: { mesh: ${mesh} }\n`,
  );
  const { code, stdout } = await run(['analyze', folder]);
  expect(code).toBe(1);
  expect(stdout).toContain(`${config}:1: error unreadable-manifest`);
  expect(stdout).toContain(message.split('; ')[0]);
  expect(stdout).toContain('unknown-destination-host');
  expect(await run(['request', folder, 'GET', 'http://catalog/', '--from', 'shop']))
    .toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(`error: ${config}:1: ConfigMap istio, ${message}`) });
});

test('a file of MeshConfig or suppressions that is not text is rejected with its line', async () => {
  const [file, latin] = [write('a.yaml', service('catalog')), write('latin.yaml', LATIN)];
  for (const option of ['--mesh-config', '--config']) {
    expect(await run(['analyze', file, option, latin])).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${option}: ${latin}:1: it is not in UTF-8; save it in UTF-8\n`,
    });
    expect((await run(['analyze', file, option, '/dev/zero'])).stderr).toContain('it holds a null byte');
  }
});

test('MeshConfig in one of several documents is not guessed', async () => {
  const [file, config] = [write('a.yaml', service('catalog')), write('mesh.yaml', 'rootNamespace: a\n---\nrootNamespace: b\n')];
  expect((await run(['analyze', file, '--mesh-config', config])).stderr).toBe(
    `error: --mesh-config: ${config} holds several documents; keep the one with MeshConfig\n`,
  );
});
