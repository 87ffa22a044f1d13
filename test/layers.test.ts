import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { DEPENDENCY_RULES } from '../projenrc/dependency-rules';
import { CONSTRUCT_LAYERS, LAYERS, ROOMS } from '../projenrc/layers';

const ROOT = join(__dirname, '..');
/** `layer -> one, other   what it is`, as the block of ARCHITECTURE.md has it. */
const LINE = /^([\w/-]+)(?: +-> ([\w/-]+(?:, [\w/-]+)*))? {2,}\S/;

function documented(heading: string): { readonly [layer: string]: readonly string[] } {
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const block = new RegExp(`^## ${heading}\\n[\\s\\S]*?^\`\`\`\\n([\\s\\S]*?)^\`\`\``, 'm').exec(text)![1];
  return Object.fromEntries(block.split('\n').filter(line => line !== '').map(line => {
    const [, layer, allowed] = LINE.exec(line)!;
    return [layer, allowed?.split(', ') ?? []];
  }));
}

/** The imports of the files below a folder, including type imports, each with its file. */
function imports(folder: string): { readonly file: string; readonly name: string }[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => join(ROOT, folder, file));
  return files.flatMap(file =>
    ts.preProcessFile(readFileSync(file, 'utf8')).importedFiles.map(({ fileName }) => ({ file, name: fileName })),
  );
}

/** The files that those below a folder import, each as a path in parts. The name of the package is the sources. */
function targets(folder: string): string[][] {
  return imports(folder).filter(({ name }) => /^(\.|cdk8s-istio)/.test(name))
    .map(({ file, name }) => (name.startsWith('.') ? relative(ROOT, join(file, '..', name)).split(/[\\/]/) : ['src']));
}

/** The packages that those below a folder import. */
function packages(folder: string): string[] {
  return imports(folder).map(({ name }) => name).filter(name => !name.startsWith('.'));
}

/** The layer of a source file; its folder, if it has none. */
function layerOf([root, ...inner]: readonly string[]): string {
  if (root !== 'src') return root;
  return Object.keys(LAYERS).find(layer => inner.join('/').startsWith(`${layer}/`)) ?? inner[0];
}

/** The layers that a layer's files import. */
function imported(layer: string): string[] {
  return [...new Set(targets(join('src', layer)).map(layerOf))].filter(other => other !== layer).sort();
}

test('ARCHITECTURE.md shows the layers as lint enforces them', () => {
  expect(documented('Layers')).toEqual(LAYERS);
  expect(documented('The referee')).toEqual(ROOMS);
});

test('every file that ARCHITECTURE.md names is there', () => {
  const files = readdirSync(ROOT, { withFileTypes: true }).filter(entry => !/^(node_modules|lib|\.git)$/.test(entry.name))
    .flatMap(({ name }) => (statSync(join(ROOT, name)).isFile() ? [name] : readdirSync(
      join(ROOT, name),
      { recursive: true, encoding: 'utf8' },
    ).map(file => join(name, file))))
    .map(file => `/${file.replace(/\\/g, '/')}`);
  const text = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
  const named = [...text.matchAll(/`([\w./-]+\.(?:ts|mjs|cjs|json))`/g)].map(([, file]) => file);
  expect(named.filter(name => !files.some(file => file.endsWith(`/${name}`)))).toEqual([]);
});

test('every file of the sources below src is of a layer', () => {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(file => /[\\/].*\.ts$/.test(file));
  const layers = files.map(file => layerOf(['src', ...file.split(/[\\/]/)]));
  expect([...new Set(layers)].sort()).toEqual(Object.keys(LAYERS).sort());
});

test('layers that know no constructs name none of cdk8s', () => {
  const knowing = Object.keys(LAYERS).filter(layer => packages(join('src', layer)).some(name => name === 'cdk8s' || name === 'constructs'));
  expect(knowing.sort()).toEqual([...CONSTRUCT_LAYERS].sort());
});

test('lint reads the rules that the table generates', () => {
  expect(JSON.parse(readFileSync(join(ROOT, '.dependency-cruiser.json'), 'utf8'))).toEqual(DEPENDENCY_RULES);
});

test.each(Object.keys(LAYERS))('%s is allowed only the imports that it has', layer => {
  expect(imported(layer)).toEqual([...LAYERS[layer]].sort());
});

test.each(Object.keys(ROOMS))('the folder %s imports only from the folders that it may', room => {
  expect([...new Set(targets(room).map(([root]) => root))].filter(other => other !== room).sort()).toEqual([...ROOMS[room]].sort());
});
