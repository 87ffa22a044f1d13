import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { freshFolder, manifests, root, runAdopt, written } from './adopted';
import { blocksOf, DOCS } from '../../conformance/pages';

afterAll(() => rmSync(root, { recursive: true, force: true }));

test('docs/adopting.md shows what adopt writes and says for its example', async () => {
  const blocks = blocksOf(join(DOCS, 'adopting.md'));
  const [yaml, program, report] = ['yaml', 'typescript', 'text'].map(language => blocks.find(each => each.language === language)!.text);
  const folder = freshFolder('page');
  expect(await runAdopt(manifests('page', yaml), '-o', folder)).toMatchObject({ code: 0, stdout: report });
  expect(written(folder)['reviews.ts']).toBe(program);
});

test('docs/adopting.md names the classes that rules and policies become', () => {
  const page = readFileSync(join(DOCS, 'adopting.md'), 'utf8');
  for (const name of ['CanaryRelease', 'DarkLaunch', 'TrafficRoute', 'RequestPolicy', 'FaultInjection', 'MirroredService', 'ClientTls']) expect(page).toContain(name);
});
