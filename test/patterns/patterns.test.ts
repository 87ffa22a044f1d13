import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { README } from '../../conformance/pages';

test('each page in the README\'s table of patterns has a test of its program', () => {
  const [, table] = /^## Patterns\n(.*?)^## /ms.exec(readFileSync(README, 'utf8'))!;
  const rows = table.split('\n').filter(line => line.startsWith('| ') && line.includes('](docs/'));
  const pages = [...new Set(rows.flatMap(row => [...row.matchAll(/\]\(docs\/([\w-]+)\.md\)/g)].map(([, page]) => page)))];
  expect(pages.length).toBeGreaterThan(15);
  expect(pages.filter(page => !existsSync(join(__dirname, `${page}.test.ts`)))).toEqual([]);
});
