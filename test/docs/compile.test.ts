import { join } from 'node:path';
import * as ts from 'typescript';
import { blocksOf, pages, programsOf, README } from './pages';

describe('the documents', () => {
  test('hold only snippets that compile', () => {
    const first = { title: 'README', text: blocksOf(README).find(({ language }) => language === 'ts')!.text };
    const files = new Map([...pages().flatMap(programsOf), first].map(({ title, text }) => [join(__dirname, `${title.replace(/\W+/g, '-')}.snippet.ts`), text]));
    const options: ts.CompilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      lib: ['lib.es2022.d.ts'],
      module: ts.ModuleKind.Node16,
      types: ['node', 'jest'],
      paths: { 'cdk8s-istio': [join(__dirname, '../../src/index.ts')], 'cdk8s-istio/*': [join(__dirname, '../../src/*/index.ts')] },
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
