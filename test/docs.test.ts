import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as providers from '@cdktf/provider-kubernetes/lib/provider';
import * as cdk8s from 'cdk8s';
import * as cdktf from 'cdktf';
import * as yaml from 'js-yaml';
import * as ts from 'typescript';
import { crdErrors } from './crds';
import type { Manifest } from './manifests';
import { manifests } from './manifests';
import * as library from 'cdk8s-istio';
import * as forTerraform from 'cdk8s-istio/cdktf';
import * as traffic from 'cdk8s-istio/jest';

const docs = join(__dirname, '../docs');
const README = join(__dirname, '../README.md');

interface Block { readonly language: string; readonly mode: string; readonly text: string }

function blocksOf(file: string): Block[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm)].map(([, language, mode = '', body]) => ({ language, mode, text: body }));
}

/** A snippet as a program: the document's setup, and what every reader imports. */
function programOf(...parts: string[]): string {
  const body = parts.join('\n');
  const names = (module: string, all: readonly string[]) => `import { ${all.filter(n => new RegExp(`\\b${n.split(' ').pop()}\\b`).test(body)).join(', ')} } from '${module}';\n`;
  const imports = [
    names('cdk8s', ['App', 'Chart', 'Duration', 'Testing']), names('cdk8s-istio', Object.keys(library)), names('cdk8s-istio/cdktf', Object.keys(forTerraform)),
    names('cdk8s-istio/jest', ['Mesh']),
    names('cdktf', ['App as TerraformApp', 'TerraformResource', 'TerraformStack']),
  ];
  return `${imports.join('')}export function run(chart: import('cdk8s').Chart) {\n${body}\nreturn chart;\n}\n`;
}

/** A test that a document shows. */
interface ShownTest { readonly name: string; readonly body: () => void }

interface Exports { readonly run?: (chart: cdk8s.Chart) => cdk8s.Chart }

/** What a program exports, and the tests that it states by `test`. */
function load(program: string): { readonly exports: Exports; readonly tests: ShownTest[] } {
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const exports: Exports = {};
  const tests: ShownTest[] = [];
  const modules: { readonly [name: string]: unknown } = {
    'cdk8s': cdk8s, 'cdk8s-istio': library, 'cdk8s-istio/cdktf': forTerraform, 'cdk8s-istio/jest': traffic, 'cdktf': cdktf, '@cdktf/provider-kubernetes/lib/provider': providers,
  };
  new Function('require', 'exports', 'test', 'expect', outputText)((name: string) => modules[name], exports, (name: string, body: () => void) => tests.push({ name, body }), expect);
  return { exports, tests };
}

/** Runs a snippet on a chart of its own. */
function run(program: string): { readonly chart: cdk8s.Chart; readonly tests: ShownTest[] } {
  const { exports, tests } = load(program);
  return { chart: exports.run!(new cdk8s.Chart(new cdk8s.App(), 'chart', { namespace: 'shop' })), tests };
}

/** Runs a whole program, as a user would; gives the files that it writes. */
function write(program: string): ReadonlyMap<string, string> {
  const outdir = mkdtempSync(join(tmpdir(), 'program-'));
  const { CDK8S_OUTDIR } = process.env;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    load(program);
    const files = (readdirSync(outdir, { recursive: true }) as string[]).filter(file => statSync(join(outdir, file)).isFile()).sort();
    return new Map(files.map(file => [file.replace(/\\/g, '/'), readFileSync(join(outdir, file), 'utf8')]));
  } finally {
    if (CDK8S_OUTDIR === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

/** Whether a manifest is the one that a document shows a part of. */
function isFor({ kind, metadata }: Manifest, wanted: Manifest): boolean {
  return kind === wanted.kind && metadata.name === wanted.metadata.name && (wanted.metadata.namespace ?? metadata.namespace) === metadata.namespace;
}

/** A test that passes, or one that fails with the text shown next. */
const isTest = (mode: string) => mode === 'test' || mode === 'fails';

const programs = readdirSync(docs).filter(file => file.endsWith('.md')).flatMap(file => {
  const blocks = blocksOf(join(docs, file));
  const setup = blocks.find(b => b.mode === 'setup')?.text ?? '';
  return blocks.flatMap((block, i) => {
    if (block.language !== 'ts' || block.mode === 'setup') return [];
    const title = `${file}, snippet ${i + 1}`;
    // A test is about the snippet before it.
    const tested = isTest(block.mode) ? blocks.slice(0, i).filter(b => b.language === 'ts' && b.mode === '').pop()?.text ?? '' : '';
    return [{ title, mode: block.mode, program: block.mode === 'program' ? block.text : programOf(setup, tested, block.text), shown: blocks[i + 1] }];
  });
});
const snippets = programs.filter(({ mode }) => !isTest(mode) && mode !== 'program');
const whole = programs.filter(({ mode }) => mode === 'program');
const tests = programs.filter(({ mode }) => mode === 'test');
const failing = programs.filter(({ mode }) => mode === 'fails');
const readme = blocksOf(README);
const firstProgram = readme.find(({ language }) => language === 'ts')!.text;

describe('the documents', () => {
  test.each(snippets)('$title does what the text beside it says', ({ program, mode, shown }) => {
    if (mode === 'throws') {
      let message = '';
      try {
        manifests(run(program).chart);
      } catch (e) {
        message = (e as Error).message;
      }
      expect(message).toContain(shown.text.trim());
      return;
    }
    const made = manifests(run(program).chart);
    expect(made.flatMap(crdErrors)).toEqual([]);
    if (shown?.language !== 'yaml') return;
    for (const wanted of yaml.loadAll(shown.text) as Manifest[]) {
      expect(made.find(m => isFor(m, wanted))).toMatchObject(wanted);
    }
  });

  test.each(whole)('$title is a program that writes the files beside it', ({ program, shown }) => {
    expect([...write(program).keys()]).toEqual(shown.text.trim().split('\n'));
  });

  test('show of Python what the conformance suite runs', () => {
    const folder = join(__dirname, '../conformance/python');
    const suite = readdirSync(folder).filter(file => file.endsWith('.py')).map(file => readFileSync(join(folder, file), 'utf8'));
    const shown = readdirSync(docs).filter(file => file.endsWith('.md')).flatMap(file => blocksOf(join(docs, file)).filter(({ language }) => language === 'python'));
    expect(shown.filter(({ text }) => !suite.some(program => program.includes(text.trim())))).toEqual([]);
    expect(shown).not.toEqual([]);
  });

  test.each(tests)('$title is a test that passes', ({ program }) => {
    const shown = run(program).tests;
    expect(shown).not.toEqual([]);
    for (const { body } of shown) {
      const before = expect.getState().assertionCalls;
      body();
      expect(expect.getState().assertionCalls).toBeGreaterThan(before);
    }
  });

  test.each(failing)('$title is a test that fails as the text beside it says', ({ program, shown }) => {
    const [only, ...others] = run(program).tests;
    expect(others).toEqual([]);
    expect(only.body).toThrow(shown.text.trim());
  });

  test('hold only snippets that compile', () => {
    const files = new Map([...programs, { title: 'README', program: firstProgram }]
      .map(({ title, program }) => [join(__dirname, `${title.replace(/\W+/g, '-')}.snippet.ts`), program]));
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      types: ['node', 'jest'],
      paths: { 'cdk8s-istio': [join(__dirname, '../src/index.ts')], 'cdk8s-istio/*': [join(__dirname, '../src/*/index.ts')] },
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.getSourceFile = (name, target) => (files.has(name) ? ts.createSourceFile(name, files.get(name)!, target) : getSourceFile(name, target));
    host.fileExists = name => files.has(name) || fileExists(name);
    host.readFile = name => files.get(name) ?? readFile(name);
    const program = ts.createProgram([...files.keys()], options, host);
    const snippetFiles = [...files.keys()].map(name => program.getSourceFile(name)!);
    // `npm run typecheck` reads all others.
    const diagnostics = [...program.getOptionsDiagnostics(), ...snippetFiles.flatMap(file => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])];
    const problems = diagnostics.map(d => `${d.file?.fileName.split('/').pop()}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
    expect(problems).toEqual([]);
    expect(files.size).toBeGreaterThan(8);
  }, 60_000);
});

describe('the README', () => {
  const outdir = mkdtempSync(join(tmpdir(), 'readme-'));
  const { CDK8S_OUTDIR } = process.env;

  beforeAll(() => {
    process.env.CDK8S_OUTDIR = outdir;
  });

  afterAll(() => {
    if (CDK8S_OUTDIR === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  });

  test('starts with a program that writes one DestinationRule and one VirtualService', () => {
    load(firstProgram);
    const written = readdirSync(outdir).filter(file => file.endsWith('.yaml')).flatMap(file => yaml.loadAll(readFileSync(join(outdir, file), 'utf8')) as Manifest[]);
    expect(written.flatMap(crdErrors)).toEqual([]);
    expect(written.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['DestinationRule catalog', 'VirtualService catalog']);
  });

  test('shows how the walk-through ends', () => {
    const lines: string[] = [];
    const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
    jest.requireActual('../examples/coolstore/summary');
    log.mockRestore();
    const shown = readme.find(({ language, text }) => language === 'text' && text.startsWith('== '))!.text;
    const steps = lines.join('\n').split('\n\n').map(step => step.trim());
    expect(steps.pop()).toBe(shown.trim());
  });

  test('leads to every document', () => {
    const index = readFileSync(join(docs, 'README.md'), 'utf8');
    const pages = readdirSync(docs).filter(file => file.endsWith('.md') && file !== 'README.md');
    expect(pages.filter(page => !index.includes(`(${page})`))).toEqual([]);
  });
});
