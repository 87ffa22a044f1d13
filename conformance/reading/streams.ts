import * as yaml from 'js-yaml';
import { Dice } from '../fuzz/dice';

/** A stream of documents as written by people, tools and accidents. */
export interface Stream {
  readonly id: string;
  readonly text: string;
  /** The objects that it was made from, if nothing in it is unusual. */
  readonly holds?: readonly object[];
}

const MARK = '\ufeff';

/** Text between two documents, before the first and after the last. */
const BETWEEN = {
  usual: [
    '---\n', '---\n', '---\n---\n', '--- # next\n', '---\t\n', '---  \n', '---\n# next\n', '---\n\n  # next\n\n', '---\nnull\n---\n',
    '---\n~\n---\n',
  ],
  odd: [
    '...\n', '...\n# next\n', '... \n', '--- ', '----\n', '---next\n', `---\n${MARK}`, `${MARK}---\n`, `---\n# c\n${MARK}`,
    '%YAML 1.1\n---\n',
    '---\n%YAML 1.2\n---\n', '---\n%TAG ! tag:example.com,2026:\n---\n', '\n', '', ' ', ',\n', '---', '\n# next\n', '\t\n', '...\n---\n',
  ],
};
const BEFORE = {
  usual: ['', '', '', '---\n', '# head\n', '\n\n', '---\n---\n'],
  odd: [' ', '\t', '%YAML 1.2\n---\n', '...\n', MARK, `${MARK}---\n`, `# head\n${MARK}`],
};
const AFTER = {
  usual: ['', '', '', '\n', '---\n', '---\n# end\n', '# end\n'],
  odd: ['---', '...', '...\n', '...\n---\n', '# end', ' \t', '%'],
};

const NAMES = [
  'cart', 'a.b', 'x-1', '0x1', 'y', 'null', 'true', '1e3', '{{', 'é', 'a: b', '# c', 'it\'s', '"q"', '@', '`', '%', '-', '---', '...',
  '!x', '&x', '*x', '1_0', '012', 'a?', '?b', ':c', 'd:', 'x,y', '/z', 'http://a',
];
const VALUES: readonly unknown[] = [
  'text', '', 'true', true, false, 0, 1, -1, 1.5, '1', '0x10', 'a: b', ' # no comment', '- no item', 'two\nlines\n', '---\n---\n',
  'x\n---\ny', '...\n', '{}', [], {},
  'ends in space ', '\ttab', '"', '\'', '\\', 'é\u{1F600}', 'on', 'null', '~', '2026-01-01', 'line\n\n\nline', '  indented\nless',
  [1, [2, [3]]], { a: { b: [{ c: null }] } }, null,
  '{{ .Values.x }}', 'multi word text that is long enough to be folded by a writer that folds at eighty columns, as js-yaml does',
  '\u0085next', '\u2028', '=', '<<', '?', ':', '|', '>',
  'a?b', 'http://x/?y=1', '/a?', ':8080', 'a:', '?x', '-x', 'a,b', '[x', '%x', '0o17', '1_000', '0b11', '.5', '+1', '1:30', '.nan',
  'Yes', 'N', 'a #b', 'a: ', '{a}', '\\.',
];

const KEYS = ['app', 'a.b/c', 'x-y'];

interface Thing { readonly [field: string]: unknown }

function thing(dice: Dice, name: string): Thing {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name, ...dice.fields(0.2, { labels: () => ({ [dice.pick(KEYS)]: dice.pick(NAMES) }), namespace: () => 'shop' }) },
    ...dice.fields(0.4, {
      spec: () => ({ [dice.pick(NAMES)]: dice.pick(VALUES), last: dice.pick(VALUES) }),
      data: () => dice.times(0, 3, () => dice.pick(VALUES)),
    }),
  };
}

/** A list, and the objects in it. */
function list(dice: Dice, name: string): { readonly written: Thing; readonly holds: readonly Thing[] } {
  const items = dice.times(1, 3, i => thing(dice, `${name}-${i}`));
  const kind = dice.pick(['List', 'ThingList']);
  const apiVersion = kind === 'List' ? 'v1' : 'example.com/v1';
  const bare = kind === 'ThingList' && dice.chance(0.6);
  const inList = bare ? items.map(({ apiVersion: _, kind: __, ...rest }) => rest) : items;
  if (dice.chance(0.15)) {
    const odd = dice.pick([null, {}, 'x', [null], ['x'], [{ metadata: { name } }], [{ kind: 'Thing' }]]);
    return { written: { apiVersion, kind, items: odd }, holds: [] };
  }
  const metadata = dice.fields(0.3, { metadata: () => ({ resourceVersion: '' }) });
  return { written: { apiVersion, kind, ...metadata, items: inList }, holds: items };
}

const ODD = [
  'text\n', '- 1\n', '5\n', '[]\n', '"text"\n', 'a: 1\n', '{}\n', 'true\n', '? [a]\n: b\n', '? {a: b}\n: c\n', '{[a]: b}\n',
  '{{a: b}: c}\n', 'null: x\n', '~: x\n', ': x\n', '? a\n',
];

const REUSING = [
  (name: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata: &m\n  name: ${name}\nspec: *m\n`,
  (name: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: ${name}}\nspec:\n  a: &a {x: 1}\n  b: {<<: *a, y: 2}\n`,
  (name: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: ${name}}\nspec: !!map\n  ? a\n  : !!str 1\n  b: !!int "2"\n`,
  (name: string) => `kind: Thing\n"apiVersion": 'example.com/v1'\n? metadata\n: name:\n    ${name}\nspec:\n- a\n-\n- - b\n  - c\n-   d: 1\n`
    + '    e: 2\n',
  (name: string) => `{apiVersion: example.com/v1,\nkind: Thing, metadata:\n {name: ${name},},\n spec: [a: 1, b,\n c]}\n`,
  (name: string) => `apiVersion: example.com/v1\nkind: Thing\nmetadata:\n    name: ${name}\nspec:\n    text: |+\n\n      a\n       b\n\n`
    + '    folded: >-\n      c\n      d\n\n      e\n    plain: one\n      two\n',
];
const TWICE = (name: string) => [
  `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: ${name}}\nspec: 1\nspec: 2\n`,
  `{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"other","name":"${name}"}}\n`,
  `{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"${name}"},"spec":[{"a":1,"b":{},"a":1}]}\n`,
];

function written(dice: Dice, value: object): string {
  switch (dice.int(0, 5)) {
    case 0: return JSON.stringify(value) + dice.pick(['', '\n', '\n', ' ']);
    case 1: return `${JSON.stringify(value, undefined, dice.pick([2, '\t']))}\n`;
    case 2: return yaml.dump(value, { flowLevel: dice.int(0, 2), schema: yaml.JSON_SCHEMA });
    default: {
      const quotingType = dice.pick(['"' as const, '\'' as const]);
      return yaml.dump(value, { noRefs: true, quotingType, forceQuotes: dice.chance(0.2), noArrayIndent: dice.chance(0.5) });
    }
  }
}

function document(dice: Dice, name: string): { readonly text: string; readonly holds?: readonly object[] } {
  const sort = dice.int(0, 19);
  if (sort === 0) return { text: dice.pick(ODD) };
  if (sort === 1) return { text: dice.pick(TWICE(name)) };
  if (sort === 2) return { text: dice.pick(REUSING)(name) };
  if (sort === 3) return { text: dice.pick(['', '\n', '# nothing\n', 'null\n']), holds: [] };
  if (sort <= 6) {
    const { written: value, holds } = list(dice, name);
    return { text: written(dice, value), holds };
  }
  const value = thing(dice, name);
  return { text: written(dice, value), holds: [value] };
}

const LETTERS = [...':-{}[]"\'#&*!|>%@,?\n\t ', '\n---\n', '\n...\n', MARK, '\\', '\u0085', '\u2028', '\u00a0', '\r', 'é', '<<: '];

/** A string with one character removed, doubled or replaced. */
function changed(dice: Dice, text: string): string {
  const letters = [...text];
  const at = dice.int(0, letters.length);
  const put = dice.pick(['', dice.pick(LETTERS), (letters[at] ?? '').repeat(2)]);
  return letters.slice(0, at).join('') + put + letters.slice(at + dice.int(0, 1)).join('');
}

/** The stream for a seed. */
export function stream(seed: number): Stream {
  const dice = new Dice(seed);
  const isUsual = dice.chance(0.3);
  const border = ({ usual, odd }: typeof BETWEEN) => dice.pick(isUsual || dice.chance(0.6) ? usual : odd);
  const documents = dice.times(1, 4, i => document(dice, `thing-${i}`));
  const texts = documents.map(({ text }) => (isUsual && !text.endsWith('\n') && text !== '' ? `${text}\n` : text));
  const joined = border(BEFORE) + texts.map((text, i) => (i === 0 ? text : border(BETWEEN) + text)).join('') + border(AFTER);
  const lines = isUsual ? ['\r\n'] : ['\r\n', '\r\n', '\r'];
  const ended = dice.chance(0.15) ? joined.replace(/\n/g, dice.pick(lines)) : joined;
  const text = isUsual || dice.chance(0.6) ? ended : changed(dice, ended);
  const holds = isUsual && documents.every(d => d.holds !== undefined) && isTakenWhole(text) ? documents.flatMap(d => d.holds!) : undefined;
  return { id: String(seed), text, ...(holds && { holds }) };
}

/** Kubernetes reads a JSON stream differently than the same objects in YAML, and treats some characters as line breaks. */
function isTakenWhole(text: string): boolean {
  return !/^\s*\{/.test(text) && !/[\u0085\u2028]/.test(text);
}
