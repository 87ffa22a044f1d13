import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';

interface PackageJson {
  readonly exports: { readonly [entry: string]: string | { readonly types: string } };
}

const ROOT = join(__dirname, '../..');
const PACKAGE = '/project/node_modules/cdk8s-istio';
const text = readFileSync(join(ROOT, 'package.json'), 'utf8');

/** The types of each entry, by the name that programs import. */
const typesOf = new Map(Object.entries((JSON.parse(text) as PackageJson).exports).flatMap(([entry, target]) => (
  typeof target === 'string' ? [] : [[join('cdk8s-istio', entry), join(PACKAGE, target.types)] as const])));

/** A project in which the package is installed. */
const host: ts.ModuleResolutionHost = {
  fileExists: file => file === join(PACKAGE, 'package.json') || [...typesOf.values()].includes(file),
  readFile: file => (file === join(PACKAGE, 'package.json') ? text : undefined),
  directoryExists: folder => `${PACKAGE}/`.startsWith(`${folder}/`) || folder.startsWith(PACKAGE),
};

test.each<[string, ts.CompilerOptions]>([
  ['cdk8s init', { module: ts.ModuleKind.CommonJS, moduleResolution: ts.ModuleResolutionKind.Node10 }],
  ['node16', { module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16 }],
  ['nodenext', { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext }],
  ['a bundler', { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler }],
])('TypeScript finds the types of every entry in a project of %s', (_, options) => {
  for (const [name, types] of typesOf) {
    expect(ts.resolveModuleName(name, '/project/main.ts', options, host).resolvedModule?.resolvedFileName).toBe(types);
  }
  expect([...typesOf.keys()]).toEqual(expect.arrayContaining(['cdk8s-istio/simulator', 'cdk8s-istio/jest', 'cdk8s-istio/validation']));
});
