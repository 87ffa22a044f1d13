import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from '@swc/core';
import type { Chart } from 'cdk8s';
import * as library from 'cdk8s-istio';
import * as forTerraform from 'cdk8s-istio/cdktf';

export const DOCS = join(__dirname, '../docs');
export const README = join(__dirname, '../README.md');

/** A code block of a page: its language, and its mode as in `CONTRIBUTING.md`. */
export interface Block { readonly language: string; readonly mode: string; readonly text: string }

export function blocksOf(file: string): Block[] {
  const text = readFileSync(file, 'utf8');
  const blocks = text.matchAll(/^```(\w+)(?: (\w+))?\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, language, mode = '', body]) => ({ language, mode, text: body }));
}

export interface Program {
  readonly title: string;
  readonly mode: string;
  readonly text: string;
  /** The next block of the page. */
  readonly shown: Block;
}

/** The programs of a page. A test applies to the snippet before it. */
export function programsOf(file: string): Program[] {
  const blocks = blocksOf(join(DOCS, file));
  const setup = blocks.find(b => b.mode === 'setup')?.text ?? '';
  return blocks.flatMap((block, i) => {
    // What needs other packages runs in `npm run test:package`.
    if (block.language !== 'ts' || ['setup', 'package'].includes(block.mode)) return [];
    const title = `${file}, snippet ${i + 1}`;
    const tested = isTest(block.mode) ? blocks.slice(0, i).filter(b => b.language === 'ts' && b.mode === '').pop()?.text ?? '' : '';
    const program = block.mode === 'program' ? block.text : wrapped(setup, tested, block.text);
    return [{ title, mode: block.mode, text: program, shown: blocks[i + 1] }];
  });
}

/** A test that passes, or one that fails with the message in the next block. */
export const isTest = (mode: string): boolean => mode === 'test' || mode === 'fails';

export const pages = (): string[] => readdirSync(DOCS).filter(file => file.endsWith('.md'));

/** A snippet as a program, with the setup of the page and the imports. */
function wrapped(...parts: string[]): string {
  const body = parts.join('\n');
  const isNamed = (name: string) => new RegExp(`\\b${name.split(' ').pop()}\\b`).test(body);
  const names = (module: string, all: readonly string[]) => `import { ${all.filter(isNamed).join(', ')} } from '${module}';\n`;
  const imports = [
    names('cdk8s', ['ApiObject', 'App', 'Chart', 'Duration', 'Testing']),
    names('cdk8s-istio', Object.keys(library)),
    names('cdk8s-istio/cdktf', Object.keys(forTerraform)),
    names('cdk8s-istio/jest', ['Mesh']),
    names('cdktf', ['App as TerraformApp', 'TerraformResource', 'TerraformStack']),
  ];
  return `${imports.join('')}export function run(chart: import('cdk8s').Chart) {\n${body}\nreturn chart;\n}\n`;
}

/** A test that a page shows. */
export interface ShownTest { readonly name: string; readonly body: () => void }

interface Exports { readonly run?: (chart: Chart) => Chart }

/* eslint-disable @typescript-eslint/no-require-imports -- a page loads what it imports, and most import little */
const MODULES: { readonly [name: string]: () => unknown } = {
  'cdk8s': () => require('cdk8s'),
  'cdk8s-istio': () => library,
  'cdk8s-istio/cdktf': () => forTerraform,
  'cdk8s-istio/jest': () => require('cdk8s-istio/jest'),
  'cdktf': () => require('cdktf'),
  '@cdktf/provider-kubernetes/lib/provider': () => require('@cdktf/provider-kubernetes/lib/provider'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The exports of a program, and the tests that it declares with `test`. */
export function load(program: string, expect?: unknown): { readonly exports: Exports; readonly tests: ShownTest[] } {
  const { code } = transformSync(program, {
    swcrc: false, module: { type: 'commonjs' }, jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
  });
  const exports: Exports = {};
  const tests: ShownTest[] = [];
  const test = (name: string, body: () => void) => tests.push({ name, body });
  new Function('require', 'exports', 'test', 'expect', code)((name: string) => MODULES[name](), exports, test, expect);
  return { exports, tests };
}

/** Runs a snippet in a chart. */
export function run(program: string, chart: Chart): void {
  load(program).exports.run!(chart);
}

/** Runs a whole program, as a user would. Returns the files that it writes. */
export function write(program: string): ReadonlyMap<string, string> {
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
