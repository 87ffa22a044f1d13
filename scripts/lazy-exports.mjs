// Makes the compiled main entry load each module when its first export is asked for: a program names few of them, and each costs time.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LAZILY = 'const lazily = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => load()[name] });';

const file = join(dirname(fileURLToPath(import.meta.url)), '../lib/src/index.js');
const compiled = readFileSync(file, 'utf8');
const modules = new Map([...compiled.matchAll(/^var (\w+) = require\("(.+)"\);$/gm)].map(([, name, path]) => [name, path]));
// `exports.X = void 0` before stays: by it Node's loader of ES modules knows the names.
const lazy = compiled
  .replace(/^var \w+ = require\(".+"\);\n/gm, '')
  .replace(/^Object\.defineProperty\(exports, "(\w+)", \{ enumerable: true, get: function \(\) \{ return (\w+)\.\w+; \} \}\);$/gm, (_, name, from) => {
    const path = modules.get(from);
    if (path === undefined) throw new Error(`lazy-exports: ${name} comes from ${from}, which the main entry does not load; the compiler writes it in another way now`);
    return `lazily("${name}", () => require("${path}"));`;
  })
  .replace('Object.defineProperty(exports, "__esModule", { value: true });', match => `${match}\n${LAZILY}`);
if (modules.size > 0 && /^var \w+ = require/m.test(lazy)) throw new Error('lazy-exports: a module is still loaded at once');
// A second run finds nothing to do.
if (modules.size > 0) writeFileSync(file, lazy);
