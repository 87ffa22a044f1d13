// Judges mutations by answers of istiod that are kept in a file: `mutant.ts FILE PLACE...` prints a line for each that a case notices, its place and the case.
/* eslint-disable @typescript-eslint/no-require-imports */
import type * as FileSystem from 'node:fs';
import { join, sep } from 'node:path';
import { REGISTER_INSTANCE } from 'ts-node';
import type { compareKept as CompareKept, Kept } from './kept';
import type { Mutation } from './mutations';
import { MUTATIONS } from './mutations';

const fs = require('node:fs') as { -readonly [name in keyof typeof FileSystem]: typeof FileSystem[name] };
const read = fs.readFileSync as (name: unknown, ...options: readonly unknown[]) => string | Buffer;

/** The translator with a mistake, loaded anew: the source that the module loader reads has it. */
function mutated({ file, text, replacement }: Mutation): typeof CompareKept {
  for (const loaded of Object.keys(require.cache)) if (!loaded.includes(`${sep}node_modules${sep}`)) delete require.cache[loaded];
  const path = fs.realpathSync(join(__dirname, '../../src', file));
  let isRead = false;
  fs.readFileSync = ((name: unknown, ...options: readonly unknown[]) => {
    const content = read(name, ...options);
    if (name !== path) return content;
    isRead = true;
    const parts = String(content).split(text);
    if (parts.length !== 2) throw new Error(`'${text}' stands ${parts.length - 1} times in src/${file}; a mutation needs a text that stands once`);
    return parts.join(replacement);
  }) as typeof fs.readFileSync;
  try {
    const { compareKept } = require('./kept') as { compareKept: typeof CompareKept };
    if (!isRead) throw new Error(`src/${file} is no part of the translator`);
    return compareKept;
  } finally {
    fs.readFileSync = read as typeof fs.readFileSync;
  }
}

/** All mutations share what the other sources compile to, which takes longer than to judge by them. */
function keepCompiled(): void {
  const service = process[REGISTER_INSTANCE]!;
  const compile = service.compile.bind(service);
  const compiled = new Map<string, string>();
  service.compile = (code, file, ...more) => {
    const key = `${file}\n${code}`;
    const known = compiled.get(key) ?? compile(code, file, ...more);
    compiled.set(key, known);
    return known;
  };
}

keepCompiled();
const [answers, ...places] = process.argv.slice(2);
const kept = String(read(answers)).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Kept);
for (const place of places) {
  const compare = mutated(MUTATIONS[Number(place)]);
  const noticed = kept.find(each => compare(each).length > 0);
  if (noticed) console.log(`${place} ${noticed.asked.id}`);
}
