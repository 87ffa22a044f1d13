import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PARTS } from '../../conformance/parts';

const ROOT = join(__dirname, '../../conformance');
const IMPORT = /^(?:import|export)\b[^;]*?from '(\.[^']*)'/gm;

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts') && !file.startsWith('.cache'));

/** The files of `conformance` that import from a folder, without those in it and the list of parts. */
function readersOf(folder: string): string[] {
  return files.filter(file => {
    if (file === 'parts.ts' || file.startsWith(`${folder}/`)) return false;
    const imports = [...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map(([, path]) => join(dirname(file), path));
    return imports.some(path => path.startsWith(`${folder}/`));
  });
}

test('the search for readers finds those of a shared folder', () => expect(readersOf('fuzz')).toContain('edge/changes.ts'));

test.each(PARTS.flatMap(({ name, ownFolder }) => (ownFolder === undefined ? [] : [[name, ownFolder]])))(
  'only the part %s reads conformance/%s, so a full run may keep what other parts found before a change there',
  (_, folder) => expect(readersOf(folder)).toEqual([]),
);
