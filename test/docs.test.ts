import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as cdk8s from 'cdk8s';
import * as yaml from 'js-yaml';
import * as ts from 'typescript';
import { crdErrors } from './crds';
import type { Manifest } from './manifests';
import { manifests } from './manifests';
import * as library from 'cdk8s-istio';

const docs = join(__dirname, '../docs');

interface Block { readonly language: string; readonly mode: string; readonly text: string }

function blocksOf(file: string): Block[] {
  const text = readFileSync(join(docs, file), 'utf8');
  return [...text.matchAll(/^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm)].map(([, language, mode = '', body]) => ({ language, mode, text: body }));
}

/** A snippet as a program: the document's setup, and what every reader imports. */
function programOf(setup: string, snippet: string): string {
  const names = (module: string, all: object) => `const { ${Object.keys(all).filter(n => new RegExp(`\\b${n}\\b`).test(setup + snippet)).join(', ')} } = require('${module}') as typeof import('${module}');\n`;
  return `${names('cdk8s', { App: 0, Chart: 0, Duration: 0 })}${names('cdk8s-istio', library)}export function run(chart: import('cdk8s').Chart) {\n${setup}\n${snippet}\nreturn chart;\n}\n`;
}

function run(program: string): cdk8s.Chart {
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const module = { exports: {} as { run: (chart: cdk8s.Chart) => cdk8s.Chart } };
  new Function('require', 'exports', outputText)((name: string) => (name === 'cdk8s' ? cdk8s : library), module.exports);
  return module.exports.run(new cdk8s.Chart(new cdk8s.App(), 'chart', { namespace: 'shop' }));
}

const snippets = readdirSync(docs).filter(file => file.endsWith('.md')).flatMap(file => {
  const blocks = blocksOf(file);
  const setup = blocks.find(b => b.mode === 'setup')?.text ?? '';
  return blocks.flatMap((block, i) => (block.language === 'ts' && block.mode !== 'setup'
    ? [{ title: `${file}, snippet ${i + 1}`, program: programOf(setup, block.text), throws: block.mode === 'throws', shown: blocks[i + 1] }] : []));
});

describe('the documents', () => {
  test.each(snippets)('$title does what the text beside it says', ({ program, throws, shown }) => {
    if (throws) {
      let message = '';
      try {
        manifests(run(program));
      } catch (e) {
        message = (e as Error).message;
      }
      expect(message).toContain(shown.text.trim());
      return;
    }
    const made = manifests(run(program));
    expect(made.flatMap(crdErrors)).toEqual([]);
    if (shown?.language !== 'yaml') return;
    for (const wanted of yaml.loadAll(shown.text) as Manifest[]) {
      expect(made.find(m => m.kind === wanted.kind && m.metadata.name === wanted.metadata.name)).toMatchObject(wanted);
    }
  });

  test('hold only snippets that compile', () => {
    const files = new Map(snippets.map(({ title, program }) => [join(__dirname, `${title.replace(/\W+/g, '-')}.snippet.ts`), program]));
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Node16,
      types: ['node'],
      paths: { 'cdk8s-istio': [join(__dirname, '../src/index.ts')] },
    };
    const host = ts.createCompilerHost(options);
    const { getSourceFile, fileExists, readFile } = host;
    host.getSourceFile = (name, target) => (files.has(name) ? ts.createSourceFile(name, files.get(name)!, target) : getSourceFile(name, target));
    host.fileExists = name => files.has(name) || fileExists(name);
    host.readFile = name => files.get(name) ?? readFile(name);
    const program = ts.createProgram([...files.keys()], options, host);
    const problems = ts.getPreEmitDiagnostics(program).map(d => `${d.file?.fileName.split('/').pop()}: ${ts.flattenDiagnosticMessageText(d.messageText, ' ')}`);
    expect(problems).toEqual([]);
    expect(files.size).toBeGreaterThan(8);
  }, 60_000);
});
