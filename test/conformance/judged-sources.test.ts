import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOfPart, importedBy } from '../../conformance/judged-sources';
import { PARTS } from '../../conformance/parts';

const LIST = readFileSync(join(__dirname, '../../conformance/parts.ts'), 'utf8');

test.each(PARTS.map(({ name, source, judge }) => [name, source, judge] as const))(
  'the part %s states the module that judges it',
  (_, source, judge) => {
    const names = new RegExp(`import \\{ ([^}]*) \\} from '\\./${source}'`).exec(LIST)?.[1].split(', ') ?? [];
    expect(names.some(name => judge.toString().includes(name) || judge.name === name)).toBe(true);
  },
);

test('a part reads what it imports, by the name of the package and by lazy requires too', () => {
  const programs = importedBy(['conformance/programs/programs.ts', 'conformance/programs/program.ts']);
  expect([...programs]).toEqual(expect.arrayContaining([
    'src/index.ts', 'src/constructs/canary-release.ts', 'src/checks/traffic-checks.ts', 'src/analysis/analyze.ts',
    'src/analysis/rules/admission/refused-by-envoy.ts',
  ]));
  expect([...programs]).not.toContain('src/diff/changes.ts');
});

test('the build for Python reads all sources, and no other part does', () => {
  const readers = PARTS.filter(part => filesOfPart(part).includes('src/cli/main.ts'));
  expect(readers.map(({ name }) => name)).toEqual(['python']);
});

test('every part reads the amounts of a full run', () => {
  for (const part of PARTS) expect(filesOfPart(part)).toContain('conformance/amounts.ts');
});
