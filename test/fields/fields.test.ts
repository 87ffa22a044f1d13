import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS, document, keyOf, leavesOf, shareOf } from '../../conformance/fields/table';

test.each(Object.keys(KINDS))('every field of %s has a prop or a reason', kind => {
  expect(leavesOf(kind).filter(leaf => keyOf(KINDS[kind], leaf) === undefined)).toEqual([]);
});

test.each(Object.keys(KINDS))('there are no claims about fields that %s lacks', kind => {
  const used = new Set(leavesOf(kind).map(leaf => keyOf(KINDS[kind], leaf)));
  expect(Object.keys(KINDS[kind]).filter(key => !used.has(key))).toEqual([]);
});

test.each(['VirtualService', 'DestinationRule'])('at least 95 %% of the fields of %s have a prop', kind => {
  expect(shareOf(kind).percent).toBeGreaterThanOrEqual(95);
});

test('docs/coverage.md is up to date; npm run coverage writes it', () => {
  expect(readFileSync(join(__dirname, '../../docs/coverage.md'), 'utf8')).toBe(document());
});
