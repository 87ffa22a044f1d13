import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { LAYERS } from '../projenrc/layers';

const ROOT = join(__dirname, '..');
/** `layer -> one, other   what it is`, as the block of ARCHITECTURE.md has it. */
const LINE = /^(\w+)(?: +-> (\w+(?:, \w+)*))? {2,}\S/;

function documented(): { readonly [layer: string]: readonly string[] } {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const block = /^## Layers\n[\s\S]*?^```\n([\s\S]*?)^```/m.exec(text)![1];
  return Object.fromEntries(block.split('\n').filter(line => line !== '').map(line => {
    const [, layer, allowed] = LINE.exec(line)!;
    return [layer, allowed?.split(', ') ?? []];
  }));
}

/** The layers that a layer's files import. */
function imported(layer: string): string[] {
  const folder = join(ROOT, 'src', layer);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => join(folder, file));
  const targets = files.flatMap(file => ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles
    .filter(({ fileName }) => fileName.startsWith('.')).map(({ fileName }) => relative(ROOT, join(file, '..', fileName)).split(/[\\/]/)));
  return [...new Set(targets.map(([root, inner]) => (root === 'src' ? inner : root)))].filter(other => other !== layer).sort();
}

test('ARCHITECTURE.md shows the layers as lint enforces them', () => {
  expect(documented()).toEqual(LAYERS);
});

test('every folder of the sources is a layer', () => {
  const folders = readdirSync(join(ROOT, 'src'), { withFileTypes: true }).filter(entry => entry.isDirectory()).map(({ name }) => name);
  expect(Object.keys(LAYERS).sort()).toEqual(folders.sort());
});

test.each(Object.keys(LAYERS))('%s may import what it does import, and no more', layer => {
  expect(imported(layer)).toEqual([...LAYERS[layer]].sort());
});
