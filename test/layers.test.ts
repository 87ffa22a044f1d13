import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { LAYERS, ROOMS } from '../projenrc/layers';

const ROOT = join(__dirname, '..');
/** `layer -> one, other   what it is`, as the block of ARCHITECTURE.md has it. */
const LINE = /^(\w+)(?: +-> (\w+(?:, \w+)*))? {2,}\S/;

function documented(heading: string): { readonly [layer: string]: readonly string[] } {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const block = new RegExp(`^## ${heading}\\n[\\s\\S]*?^\`\`\`\\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)![1];
  return Object.fromEntries(block.split('\n').filter(line => line !== '').map(line => {
    const [, layer, allowed] = LINE.exec(line)!;
    return [layer, allowed?.split(', ') ?? []];
  }));
}

/** Where the files below a folder import from, a path in parts; the package's own name stands for the sources. */
function targets(folder: string): string[][] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => join(ROOT, folder, file));
  return files.flatMap(file => ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map(({ fileName }) => fileName)
    .filter(name => /^(\.|cdk8s-istio)/.test(name)).map(name => (name.startsWith('.') ? relative(ROOT, join(file, '..', name)).split(/[\\/]/) : ['src'])));
}

/** The layers that a layer's files import. */
function imported(layer: string): string[] {
  return [...new Set(targets(join('src', layer)).map(([root, inner]) => (root === 'src' ? inner : root)))].filter(other => other !== layer).sort();
}

test('ARCHITECTURE.md shows the layers as lint enforces them', () => {
  expect(documented('Layers')).toEqual(LAYERS);
  expect(documented('The referee')).toEqual(ROOMS);
});

test('every folder of the sources is a layer', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name);
  expect(Object.keys(LAYERS).sort()).toEqual(folders.sort());
});

test.each(Object.keys(LAYERS))('%s may import what it does import, and no more', layer => {
  expect(imported(layer)).toEqual([...LAYERS[layer]].sort());
});

test.each(Object.keys(ROOMS))('the folder %s imports from the folders that it may, and from no other', room => {
  expect([...new Set(targets(room).map(([root]) => root))].filter(other => other !== room).sort()).toEqual([...ROOMS[room]].sort());
});
