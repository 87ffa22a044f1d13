// Judges one mutation by answers of istiod that are kept in a file: `mutant.ts PLACE FILE` prints the first case that notices, or nothing.
/* eslint-disable @typescript-eslint/no-require-imports */
import type * as FileSystem from 'node:fs';
import { join } from 'node:path';
import type { compareKept as CompareKept, Kept } from './kept';
import { MUTATIONS } from './mutations';

const fs = require('node:fs') as { -readonly [name in keyof typeof FileSystem]: typeof FileSystem[name] };

const [place, file] = process.argv.slice(2);
const { file: mutated, text, replacement } = MUTATIONS[Number(place)];
const path = fs.realpathSync(join(__dirname, '../../src', mutated));

/** The source as the module loader reads it, with the mistake. */
function wrong(source: string): string {
  const parts = source.split(text);
  if (parts.length !== 2) throw new Error(`'${text}' stands ${parts.length - 1} times in src/${mutated}; a mutation needs a text that stands once`);
  return parts.join(replacement);
}

const read = fs.readFileSync as (name: unknown, ...options: readonly unknown[]) => string | Buffer;
let isRead = false;
fs.readFileSync = ((name: unknown, ...options: readonly unknown[]) => {
  const content = read(name, ...options);
  if (name !== path) return content;
  isRead = true;
  return wrong(String(content));
}) as typeof fs.readFileSync;

const { compareKept } = require('./kept') as { compareKept: typeof CompareKept };
if (!isRead) throw new Error(`src/${mutated} is no part of the translator`);
const kept = String(read(file)).split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Kept);
const noticed = kept.find(each => compareKept(each).length > 0);
if (noticed) console.log(noticed.asked.id);
