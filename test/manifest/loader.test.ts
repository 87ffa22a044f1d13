import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifestsFrom } from '../../src/manifest/collector';
import { parseYaml } from '../../src/manifest/document';
import { loadManifests, parseManifests } from '../../src/manifest/loader';
import { describeProblem } from '../../src/manifest/manifest-problem';
import { lineOf, parsePath, pathText, provenanceOf } from '../../src/manifest/provenance';

const service = (name: string) => `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n`;
const names = ({ objects }: { objects: readonly { metadata: { name: string } }[] }) => objects.map(o => o.metadata.name);
const problems = ({ problems: found }: ReturnType<typeof parseManifests>) => found.map(describeProblem);

describe('strings', () => {
  test('several documents, some of them empty, are read in their order', () => {
    expect(names(parseManifests(`---\n${service('a')}---\n# nothing\n---\n${service('b')}---\n`))).toEqual(['a', 'b']);
  });

  test('a directive belongs to the following document, and a document may begin on the line of its marker', () => {
    expect(names(parseManifests(`%YAML 1.1\n---\n${service('a')}--- {apiVersion: v1, kind: Service, metadata: {name: b}}\n...\n`))).toEqual(
      ['a', 'b'],
    );
  });

  test('null metadata is absent, so no reader gets null', () => {
    const { objects } = parseManifests(`${service('a')}  namespace: null\n  labels: \n  annotations: ~\n  creationTimestamp: null\n`, {
      namespace: 'shop',
    });
    expect(objects[0].metadata).toStrictEqual({ name: 'a', namespace: 'shop' });
  });

  test('a line of number signs is a comment, and separates nothing', () => {
    const rule = `# ${'#'.repeat(2000)} ${'# '.repeat(500)}\n`;
    expect(names(parseManifests(`${rule}${service('a')}---\n${rule}${service('b')}`))).toEqual(['a', 'b']);
  });

  test('a line in a block scalar that looks like a marker separates nothing', () => {
    const { objects } = parseManifests(`${service('a')}data: |\n  ---\n  x\n`);
    expect(objects[0].data).toBe('---\nx\n');
  });

  test('a List is replaced by its items, also within a List, and so are kinds such as ServiceList', () => {
    const list = (...items: unknown[]) => ({ apiVersion: 'v1', kind: 'List', items });
    const item = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name } });
    expect(names(parseManifests(JSON.stringify(list(item('a'), { ...list(item('b')), kind: 'ServiceList' }, item('c')))))).toEqual([
      'a',
      'b',
      'c',
    ]);
  });

  test('JSON values may follow each other', () => {
    const json = (name: string) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name, annotations: { a: '}{' } } }, undefined, 2);
    expect(names(parseManifests(`${json('a')}\n${json('b')}`))).toEqual(['a', 'b']);
  });

  test('unknown kinds and fields are kept', () => {
    const { objects } = parseManifests('{apiVersion: example.com/v9, kind: Teapot, metadata: {name: t}, spec: {handles: [1]}, more: true}');
    expect(objects[0]).toEqual({
      apiVersion: 'example.com/v9',
      kind: 'Teapot',
      metadata: { name: 't' },
      spec: { handles: [1] },
      more: true,
    });
  });

  test('a byte order mark and Windows line breaks change nothing', () => {
    expect(names(parseManifests(`\ufeff${service('a')}---\n${service('b')}`.replace(/\n/g, '\r\n')))).toEqual(['a', 'b']);
  });
});

describe('namespaces', () => {
  test('a default namespace is set on objects without one, but not on cluster-scoped objects', () => {
    const { objects, notes } = parseManifests(
      `${service('a')}  namespace: own\n---\n${service('b')}---\n{apiVersion: v1, kind: Namespace, metadata: {name: shop}}`,
      { namespace: 'shop' },
    );
    expect(objects.map(o => o.metadata.namespace)).toEqual(['own', 'shop', undefined]);
    expect(notes).toEqual([]);
  });

  test('without one, a note says what is not decided', () => {
    expect(parseManifests(service('a')).notes).toEqual([
      '1 object has no namespace, and no default is set: short host names and visibility are not decided',
    ]);
  });

  test('objects from memory are used unchanged', () => {
    const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } };
    expect(manifestsFrom([object]).objects[0]).toBe(object);
    expect(manifestsFrom([object], { namespace: 'shop' }).objects[0].metadata.namespace).toBe('shop');
    expect(object.metadata).toEqual({ name: 'a' });
  });
});

describe('what cannot be read', () => {
  test.each([
    ['broken YAML', 'a: [1,\n', /^stdin:7: the document is not valid YAML: .*; repair it$/],
    ['a tab as indentation', 'a:\n\tb: 1\n', /^stdin:7: the document is not valid YAML/],
    ['no object', '- 1\n', /^stdin:6: the document is not an object; write apiVersion, kind and metadata$/],
    ['no kind', 'apiVersion: v1\nmetadata: {name: x}\n', /^stdin:6: the document has no kind; write a string, such as VirtualService$/],
    ['a kind that is not a string', 'apiVersion: v1\nkind: 5\nmetadata: {name: x}\n', /has 5 as kind; write a string/],
    ['no metadata', 'apiVersion: v1\nkind: Service\n', /of kind Service has no metadata; write metadata with a name$/],
    ['no name', 'apiVersion: v1\nkind: Service\nmetadata: {}\n', /of kind Service has no metadata.name/],
    [
      'a name that is a number',
      'apiVersion: v1\nkind: Service\nmetadata: {name: 010}\n',
      /has 8 as metadata.name; write a string, in quotes if it could be a number$/,
    ],
    [
      'a label that is a truth value',
      'apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {x: on}}\n',
      /\(a\) has values in metadata.labels that are not strings; quote them$/,
    ],
    ['an alias bomb', `a: &a0 [x,x,x,x,x,x,x,x,x,x]\n${[...Array(12).keys()].map(
      i => `b${i}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]\n`,
    ).join('')}`,
    /^stdin:6: the document has more than 1000000 values when its aliases are expanded/],
    [
      'an alias within itself',
      'a: &a [*a]\n',
      /^stdin:6: the document has an alias that contains itself; write the value without an alias$/,
    ],
    [
      'deep brackets',
      `a: ${'['.repeat(100_000)}\n`,
      /^stdin:6: the document is nested more than 100 levels deep, deeper than any Kubernetes object; fix its brackets or its indentation$/,
    ],
    [
      'deep brackets of JSON',
      `{"a": ${'['.repeat(200)}${']'.repeat(200)}}\n`,
      /^stdin:6: the document is nested more than 100 levels deep, deeper than any Kubernetes object; fix its brackets or its indentation$/,
    ],
    [
      'a number that JSON cannot hold',
      'a: .inf\n',
      /^stdin:6: the document cannot be read: .inf is not a number that JSON can hold; use a finite number$/,
    ],
  ])('%s is a problem with its line, and the others are loaded', (_, text, message) => {
    const loaded = parseManifests(`${service('a')}---\n${text}---\n${service('b')}`);
    expect(names(loaded)).toEqual(['a', 'b']);
    expect(problems(loaded)).toEqual([expect.stringMatching(message)]);
  });

  test('a duplicated key keeps its last value, and is a problem', () => {
    const loaded = parseManifests(`${service('a')}spec: 1\nspec: 2\n`);
    expect(loaded.objects[0].spec).toBe(2);
    expect(problems(loaded)).toEqual(['stdin:6: the key \'spec\' is duplicated, and the last value counts; remove one of them']);
  });

  test.each([
    ['{a: 1, b: 2, a: 3}', '\'a\''],
    ['"a: b": 1\n"a: b": 2\n', '"a: b"'],
    ['\'it\'\'s\': 1\n\'it\'\'s\': 2\n', '\'it\'\'s\''],
    ['a b : 1\na b : 2\n', '\'a b\''],
    ['x:\n  http://a: 1\n  http://a: 2\n', '\'http://a\''],
    ['{"a":1,"a":2}', '"a"'],
  ])('the problem names the duplicated key: %j', (text, key) => {
    expect(parseYaml(text).problems.map(({ message }) => message)).toEqual([`the key ${key} is duplicated, and the last value counts`]);
  });

  test('cause and repair are separate, whatever they contain', () => {
    const { problems: [problem] } = parseManifests('apiVersion: v1\nkind: "a; b"\nmetadata: {}\n');
    expect(problem).toMatchObject({
      message: 'the document of kind a; b has no metadata.name',
      repair: 'write a string, in quotes if it could be a number',
    });
  });

  test.each([['JSON', '{'], ['YAML', '{']])('deeply nested %s is rejected in bounded time', () => {
    const deep = `{"apiVersion":"v1","kind":"X","metadata":{"name":"x"},"spec":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
    expect(problems(parseManifests(deep))).toEqual([expect.stringMatching(/nest|read/)]);
  });

  test('JSON that ends within a string of a million quotes is a problem', () => {
    expect(problems(parseManifests(`{"apiVersion":"${'\\"'.repeat(1_000_000)}`))).toEqual([
      expect.stringMatching(/^stdin:\d: the document is not valid YAML/),
    ]);
  });

  test('the name of JavaScript\'s prototype is a key like any other', () => {
    const loaded = parseManifests(
      `${service('a')}__proto__: {polluted: 1}\n---\n{"apiVersion":"v1","kind":"X","metadata":{"name":"x"},"__proto__":{"polluted":1}}`,
    );
    expect(names(loaded)).toEqual(['a', 'x']);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(loaded.objects.map(o => o.polluted)).toEqual([undefined, undefined]);
  });

  test('a document larger than any API server accepts is rejected, and the following one is loaded', () => {
    const loaded = parseManifests(`${service('a')}data: "${'x'.repeat(50_000_000)}"\n---\n${service('b')}`);
    expect(names(loaded)).toEqual(['b']);
    expect(problems(loaded)).toEqual(['stdin:1: the document has 50 MB, more than any API server accepts; split it into several']);
  });
});

describe('what is not a Kubernetes object', () => {
  const foreign = (text: string) => parseManifests(text).problems.map(problem => problem.foreign === true);

  test.each([
    ['values of a chart', 'replicas: 3\nimage: {tag: x}\n'],
    ['a list of patches', '- {op: add, path: /spec, value: 1}\n'],
    ['a Kustomization', 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n'],
    ['a kubeconfig', 'apiVersion: v1\nkind: Config\nclusters: []\n'],
    ['text', 'text\n'],
  ])('%s is a file of another tool', (_, text) => expect(foreign(text)).toEqual([true]));

  test.each([
    ['a value beside objects', `${service('a')}---\nreplicas: 3\n`],
    ['text beside objects', `${service('a')}---\ntext\n`],
    ['a kind of Istio without metadata', 'apiVersion: networking.istio.io/v1\nkind: VirtualService\n'],
    ['a Service without apiVersion', 'kind: Service\nmetadata: {name: a}\n'],
    ['an object with a misspelt kind', 'apiVersion: v1\nKind: Service\nmetadata: {name: a}\n'],
    ['objects in brackets', `[${JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' } })}]`],
    ['an item of a list', '{"apiVersion":"v1","kind":"List","items":[{"replicas":3}]}'],
  ])('%s is a mistake', (_, text) => expect(foreign(text)).toEqual([false]));

  test.each([
    ['a tsconfig.json with comments', '{\n  // the output\n  "compilerOptions": { "target": "es2022", },\n}\n'],
    ['JSON after a comment', '/* for editors */\n{ "files.exclude": { "kind": true } }\n'],
    ['JSON Lines', '{"a":1}\n{"b":2}\n'],
    ['rows for a database shell', '{rating: 5}\n{rating: 4}\n'],
    ['values with a duplicated key', 'image: a\nimage: b\n'],
    ['values with tabs', 'image:\n\ttag: a\n'],
    ['JSON with a brace in a comment', '{\n  // such as {a\n  "b": 1\n}\n'],
    ['an ERB template', 'host: <%= host %>\nuser: @name\n'],
    ['a comment of another language', '% a comment\n'],
  ])('%s is one file of another tool, although it is not valid YAML', (_, text) => expect(foreign(text)).toEqual([true]));

  test.each([
    ['a manifest with comments of JavaScript',
      '{\n  // the cart\n  "apiVersion": "v1", "kind": "Service", "metadata": {"name": "a"},\n}\n'],
    ['a manifest without apiVersion', 'kind: VirtualService\nmetadata: {name: a\n'],
    ['a manifest that ends early', 'apiVersion: networking.istio.io/v1\nki: [\n'],
    ['a manifest in a flow mapping', '{ apiVersion: v1, kind: Service, metadata: { name: a }\n'],
    ['a file that ends within a list', 'hosts: [a, b\n'],
    ['a manifest behind values', 'a: [1\n---\napiVersion: v1\nkind: Service\n'],
  ])('%s that is not valid YAML is a mistake', (_, text) => expect(foreign(text)).not.toContain(true));

  test.each([
    ['of Jinja', `{% if on %}\n${service('a')}{% endif %}\n`, true],
    ['in a block of a manifest', `${service('a')}data:\n  x: |\n    {% if on %}\n---\n${service('b')}x: [\n`, undefined],
  ])('a statement %s makes a file a template: %s', (_, text, expected) => {
    expect(parseManifests(text).problems.map(({ template }) => template)).toEqual([expected]);
  });
});

describe('what is applied differently than it is written', () => {
  test('the items of a list of one kind have that kind', () => {
    const { objects, problems: found } = parseManifests(
      '{"apiVersion":"networking.istio.io/v1","kind":"VirtualServiceList","items":[{"metadata":{"name":"a"},"spec":{}}]}',
    );
    expect(found).toEqual([]);
    expect(objects).toEqual([{ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a' }, spec: {} }]);
  });

  test('an IstioOperator needs no metadata', () => {
    const {
      objects,
      problems: found,
      notes,
    } = parseManifests('apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {meshConfig: {rootNamespace: mesh}}\n');
    expect([found, notes]).toEqual([[], []]);
    expect(objects[0].spec).toEqual({ meshConfig: { rootNamespace: 'mesh' } });
  });

  test('an IstioOperator with a namespace needs no name', () => {
    const operator = 'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: {namespace: mesh}\nspec: {profile: default}\n';
    const { objects, problems: found } = parseManifests(operator);
    expect([found, objects[0].metadata]).toEqual([[], { name: 'installed-state', namespace: 'mesh' }]);
    expect(problems(parseManifests(operator.replace('mesh', '5')))).toEqual([expect.stringContaining('5 as metadata.namespace')]);
  });

  test('null is an absent field of the metadata, and an empty string among labels', () => {
    const { objects, problems: found } = parseManifests(
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n  annotations:\n  labels: {x: , v: z}\n',
    );
    expect(found).toEqual([]);
    expect(objects[0].metadata).toEqual({ name: 'a', labels: { x: '', v: 'z' } });
  });
});

describe('Helm templates', () => {
  const told = (text: string) => parseManifests(text).problems.map(({ template, message }) => (template ? 'template' : message));

  test.each([
    ['a name', `${service('{{ .Values.name }}')}---\n${service('b')}`],
    ['a part of a name', service('{{ .Release.Name }}-a')],
    ['lines', `{{- if .Values.on }}\n${service('a')}{{- end }}\n`],
    ['a block', `${service('a')}  labels:\n    {{- include "chart.labels" . | nindent 4 }}\n`],
    ['a value', `${service('a')}spec:\n  replicas: {{ .Values.replicas | default 1 }}\n`],
    ['an item', `${service('a')}spec:\n  args:\n    - {{ $x }}\n    {{- range .Values.more }}\n    - {{ . }}\n    {{- end }}\n`],
    ['a value of a flow mapping', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}, namespace: shop}\n'],
    ['an item of a flow sequence', `${service('a')}spec:\n  args: [{{ $x }}, b]\n`],
  ])('with an action as %s result in one problem per file', (_, text) => expect(told(text)).toEqual(['template']));

  test.each([
    ['in quotes', 'spec: {summary: "{{ $labels.instance }} is down", more: \'{{ .Values.x }}\'}\n'],
    ['in a block', 'data:\n  template: |\n    {{- if .Values.x }}\n    x: {{ .Values.x }}\n    {{- end }}\n'],
  ])('are not recognized in manifests that hold templates %s', (_, body) => {
    const { objects, problems: found } = parseManifests(service('a') + body);
    expect([names({ objects }), found]).toEqual([['a'], []]);
  });

  test('a mistake next to them stays a mistake', () => {
    expect(told(`${service('a')}data:\n  template: |\n    {{- if .Values.x }}\n---\na: [1,\n`)).toEqual([
      expect.stringContaining('not valid YAML'),
    ]);
    expect(told(`${service('a')}data: {a: "b: {{ .Values.x }}", c: [1}\n`)).toEqual([expect.stringContaining('not valid YAML')]);
  });
});

describe('files and folders', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, content: string | Buffer) => {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test('a folder is read recursively, by name, and only YAML and JSON', () => {
    write('b.yml', service('b'));
    write('a/z.yaml', service('z'));
    write('a/c.json', '{"apiVersion":"v1","kind":"Service","metadata":{"name":"c"}}');
    write('README.md', '# no manifest');
    write('.hidden/x.yaml', service('x'));
    expect(names(loadManifests([folder]))).toEqual(['c', 'z', 'b']);
  });

  test('circular links and files given twice are read once', () => {
    const file = write('a/a.yaml', service('a'));
    symlinkSync(folder, join(folder, 'a/loop'));
    symlinkSync(file, join(folder, 'twin.yaml'));
    expect(names(loadManifests([folder, file, join(folder, 'a')]))).toEqual(['a']);
  });

  test('a missing file, another encoding or a dead link is a problem, and the rest is loaded', () => {
    write('a.yaml', service('a'));
    write('latin.yaml', Buffer.from('apiVersion: v1 # caf\xe9\n', 'latin1'));
    write('empty.yaml', '');
    symlinkSync(join(folder, 'gone'), join(folder, 'dead.yaml'));
    const loaded = loadManifests([folder, join(folder, 'none.yaml')]);
    expect(names(loaded)).toEqual(['a']);
    expect(problems(loaded).map(text => text.slice(folder.length + 1))).toEqual([
      'dead.yaml: there is no such file or folder; name an existing one',
      'none.yaml: there is no such file or folder; name an existing one',
      'latin.yaml:1: it is not in UTF-8; save it in UTF-8',
    ]);
  });

  test.each([
    ['UTF-16', Buffer.from('\ufeffapiVersion: v1\n', 'utf16le'), 'a.yaml:1: it is in UTF-16; save it in UTF-8'],
    ['Latin-1', Buffer.from(`${service('a')}# caf\xe9\n`, 'latin1'), 'a.yaml:5: it is not in UTF-8; save it in UTF-8'],
    [
      'a binary file',
      Buffer.from('apiVersion: v1\nx: \0\n'),
      'a.yaml:2: it holds a null byte, which is neither YAML nor JSON; name a text file',
    ],
  ])('%s is rejected with its line', (_, content, message) => {
    write('a.yaml', content);
    expect(problems(loadManifests([folder])).map(text => text.slice(folder.length + 1))).toEqual([message]);
  });

  const onLinux = process.platform === 'linux' ? test : test.skip;
  onLinux('a device that never ends is refused', () => {
    expect(problems(loadManifests(['/dev/zero']))).toEqual([expect.stringContaining('/dev/zero:1: it holds a null byte')]);
    expect(loadManifests(['/dev/null'])).toMatchObject({ objects: [], problems: [] });
  });

  onLinux('a pipe in a folder is told, and never waited for', () => {
    write('a.yaml', service('a'));
    expect(spawnSync('mkfifo', [join(folder, 'b.yaml')]).status).toBe(0);
    const loaded = loadManifests([folder]);
    expect(names(loaded)).toEqual(['a']);
    expect(problems(loaded)).toEqual([expect.stringContaining('b.yaml: it is a pipe, a socket or a device')]);
  });

  test('the file that cdk8s-cli writes for its validations is not a manifest', () => {
    write('a.yaml', service('a'));
    write('construct-metadata.json', '{"version":"1.0.0","resources":{}}');
    expect(loadManifests([folder])).toMatchObject({ problems: [] });
  });

  test('each object knows its file, its document and the lines of its fields', () => {
    const file = write(
      'a.yaml',
      `# head\n${service('a')}---\n${service('b')}spec:\n  ports:\n    - {name: http,\n       port: 80}\n    - name: tcp\n      port: 90\n`,
    );
    const { objects: [a, b] } = loadManifests([file]);
    expect([provenanceOf(a)?.file, provenanceOf(a)?.document, provenanceOf(b)?.document]).toEqual([file, 0, 1]);
    expect(lineOf(a)).toBe(2);
    expect(lineOf(b, ['metadata', 'name'])).toBe(10);
    expect(lineOf(b, ['spec', 'ports', 0, 'port'])).toBe(14);
    expect(lineOf(b, ['spec', 'ports', 1])).toBe(15);
    expect(lineOf(b, ['spec', 'ports', 1, 'port'])).toBe(16);
    expect(lineOf(b, ['spec', 'ports', 1, 'protocol', 'x'])).toBe(15);
    expect(lineOf({ ...a })).toBeUndefined();
  });

  test('the items of a List know their lines in it', () => {
    const file = write(
      'a.json',
      '{"apiVersion": "v1", "kind": "List", "items": [\n{"apiVersion": "v1",\n "kind": "Service",\n "metadata": {"name": "a"}}]}',
    );
    expect(lineOf(loadManifests([file]).objects[0], ['metadata', 'name'])).toBe(4);
  });
});

test('a path is written in the usual syntax, and read back', () => {
  const path = ['spec', 'http', 0, 'headers', 'x.y/z', 'set'];
  expect(pathText(path)).toBe('spec.http[0].headers["x.y/z"].set');
  expect(parsePath(pathText(path))).toEqual(path);
});
