import { join } from 'node:path';
import * as ts from 'typescript';
import { blocksOf, pages, programsOf, README } from '../../conformance/pages';

const ROOT = join(__dirname, '../..');
const INDEX = join(ROOT, 'src/index.ts');

const first = { title: 'README', text: blocksOf(README).find(({ language }) => language === 'ts')!.text };
const snippets = new Map(
  [...pages().flatMap(programsOf), first].map(({ title, text }) => [join(__dirname, `${title.replace(/\W+/g, '-')}.snippet.ts`), text]),
);

const options: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  module: ts.ModuleKind.Node16,
  types: ['node', 'jest'],
  paths: { 'cdk8s-istio': [INDEX], 'cdk8s-istio/*': [join(ROOT, 'src/*/index.ts')] },
};

const host = ts.createCompilerHost(options);
const { getSourceFile, fileExists, readFile } = host;
host.getSourceFile = (name, target) =>
  snippets.has(name) ? ts.createSourceFile(name, snippets.get(name)!, target) : getSourceFile(name, target);
host.fileExists = name => snippets.has(name) || fileExists(name);
host.readFile = name => snippets.get(name) ?? readFile(name);

/** The sources as programs import them, together with the snippets of all pages: one program, because its types take seconds to read. */
export const program = ts.createProgram([INDEX, ...snippets.keys()], options, host);
export const index = program.getSourceFile(INDEX)!;
export const snippetFiles: readonly ts.SourceFile[] = [...snippets.keys()].map(name => program.getSourceFile(name)!);
