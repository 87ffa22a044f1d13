import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { readBlocks } from '../../src/manifest/block-document';
import { parseYaml } from '../../src/manifest/document';
import { lineInDocument } from '../../src/manifest/document-lines';
import { splitDocuments } from '../../src/manifest/document-text';
import type { FieldPath } from '../../src/manifest/provenance';

const ROOT = join(__dirname, '../..');

/** The YAML documents below a folder. */
function documentsBelow(folder: string): string[] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter(file => /\.ya?ml$/.test(file));
  return files.flatMap(file => splitDocuments(readFileSync(join(ROOT, folder, file), 'utf8'))).map(({ text }) => text);
}

/** As js-yaml reads it: a comment that is not ASCII makes no other difference. */
function readByJsYaml(text: string) {
  return parseYaml(`${text}${text === '' || text.endsWith('\n') ? '' : '\n'}# é\n`);
}

/** The paths of all values, and below each the path of a missing field. */
function pathsOf(value: unknown, path: FieldPath = []): FieldPath[] {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const steps = parts.map(([name, part]) => [Array.isArray(value) ? Number(name) : name, part] as const);
  return [path, [...path, 'missing'], ...steps.flatMap(([name, part]) => pathsOf(part, [...path, name]))];
}

/** What a document means, and where. */
function meaningOf({ values, problems, nodes }: ReturnType<typeof parseYaml>) {
  return { values, problems, lines: pathsOf(values[0]).map(path => [path, lineInDocument(nodes, path)]) };
}

const DOCUMENTS = [...documentsBelow('examples'), ...documentsBelow('test/analysis/fixtures')].filter(text => text.length < 3000);

/** A document with one of its lines changed. */
const changed = fc.tuple(
  fc.constantFrom(...DOCUMENTS), fc.nat(), fc.nat(),
  fc.constantFrom(
    ' ', '  ', '- ', '-', ':', ': ', '#', ' #', '"', '\'', '[]', '{}', '{', '[', '|', '>', '&', '*', '!', '? ', '%', '~', 'null', 'yes', 'y',
    '010', '1_0', '.inf', '-.inf', '0x1', '---', '...', ',', '\n', '\n# x\n', '<<', '=', 'a: b', '__proto__', '\t', '@', '`', '\\', '',
  ),
  fc.constantFrom<(line: string, bit: string, at: number) => string>(
    (line, bit, at) => line.slice(0, at) + bit + line.slice(at),
  (line, _, at) => line.slice(0, at) + line.slice(at + 1),
  (line, bit) => line.replace(/: .*/, `: ${bit}`),
  line => line.replace(/: .*/, ':'),
  line => `  ${line}`,
  line => line.replace(/^ {1,2}/, ''),
  line => line.replace(/^ */, '$&- '),
  line => `${line}\n${line}`,
  () => '',
  ),
).map(([text, line, at, bit, change]) => {
  const lines = text.split('\n');
  const place = line % lines.length;
  lines[place] = change(lines[place], bit, at % (lines[place].length + 1));
  return lines.join('\n');
});

describe('a document with one key or item per line is read without js-yaml', () => {
  test('with the values and the lines that js-yaml gives', () => {
    const read = DOCUMENTS.filter(text => readBlocks(text) !== undefined);
    expect(read.length).toBeGreaterThan(300);
    for (const text of read) expect(meaningOf(parseYaml(text))).toEqual(meaningOf(readByJsYaml(text)));
  });

  test('also after any change of a line', () => {
    let count = 0;
    fc.assert(fc.property(changed, text => {
      if (readBlocks(text) === undefined) return;
      count++;
      expect(meaningOf(parseYaml(text))).toEqual(meaningOf(readByJsYaml(text)));
    }), { numRuns: 3000 });
    expect(count).toBeGreaterThan(300);
  });

  test.each([
    ['a null, an empty list and an empty object', 'a:\nb: []\nc: {}\n', { a: null, b: [], c: {} }],
    ['lists at the column of their key', 'a:\n- b: 1\n  c:\n  - d\ne: 2\n', { a: [{ b: 1, c: ['d'] }], e: 2 }],
    ['strings in quotes', 'a: "1: #"\nb: \'[x]\'\n', { a: '1: #', b: '[x]' }],
    ['words and numbers as YAML 1.1 has them', 'a: on\nb: 010\nc: 1:30\nd: 1_0\n', { a: true, b: 8, c: '1:30', d: 10 }],
    ['comments and empty lines', '---\n# x\na:\n\n  # y\n  b: http://c#d\n', { a: { b: 'http://c#d' } }],
  ])('%s', (_, text, value) => expect(readBlocks(text)).toEqual(value));
});

describe('js-yaml reads a document with', () => {
  test.each([
    ['a block string', 'a: |\n  b\n'], ['a string over two lines', 'a: b\n  c\n'], ['a flow collection', 'a: [b]\n'],
    ['an anchor and an alias', 'a: &x b\nc: *x\n'], ['a tag', 'a: !!str 1\n'], ['an escape', 'a: "\\n"\n'], ['a merge', '<<: {}\n'],
    ['a key twice', 'a: 1\na: 2\n'], ['a key that is a word', 'on: 1\n'], ['a key in quotes', '"a": 1\n'], ['a comment after a value', 'a: b # c\n'],
    ['a colon in a plain string', 'a: b: c\n'], ['a number that JSON cannot hold', 'a: .inf\n'], ['a tab', 'a:\tb\n'], ['a carriage return', 'a: b\r\n'],
    ['a letter that is not ASCII', 'a: é\n'], ['an indentation that fits nothing', 'a:\n    b: 1\n  c: 2\n'], ['an item without content', 'a:\n-\n'],
    ['a list in a list', 'a:\n- - b\n'], ['two documents', 'a: 1\n---\nb: 1\n'], ['an end mark', 'a: 1\n...\n'], ['a scalar alone', 'a\n'],
    ['no content', '# a\n'], ['a list alone', '- a\n'], ['a key named __proto__', '__proto__: 1\n'],
  ])('%s', (_, text) => expect(readBlocks(text)).toBeUndefined());

  test('more levels than any Kubernetes object', () => {
    const text = Array.from({ length: 150 }, (_, i) => `${' '.repeat(i)}a:\n`).join('');
    expect(readBlocks(text)).toBeUndefined();
    expect(parseYaml(text).problems[0].message).toContain('nested more than');
  });
});
