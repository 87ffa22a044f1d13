import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { propExists } from './prop-exists';
import { isProp } from '../../conformance/fields/claim';
import { KINDS, document, keyOf, leavesOf, shareOf } from '../../conformance/fields/table';

const claims = Object.values(KINDS).flatMap(all => Object.values(all)).filter(isProp);
const props = [...new Set(claims.flatMap(({ prop, with: beside = [] }) => [prop, ...beside.map(name => `${prop.split('.')[0]}.${name}`)]))];

test.each(Object.keys(KINDS))('every field of %s has a prop or a reason', kind => {
  expect(leavesOf(kind).filter(leaf => keyOf(KINDS[kind], leaf) === undefined)).toEqual([]);
});

test.each(Object.keys(KINDS))('nothing is said of fields that %s lacks', kind => {
  const used = new Set(leavesOf(kind).map(leaf => keyOf(KINDS[kind], leaf)));
  expect(Object.keys(KINDS[kind]).filter(key => !used.has(key))).toEqual([]);
});

test('every prop that is named exists', () => {
  expect(props.filter(prop => !propExists(prop))).toEqual([]);
});

test('a prop that does not exist is found out', () => {
  expect(['Nobody', 'ClientTls.nothing', 'ClientTls.tls.simple.nothing', 'TrafficRoute.matches.uri.nothing'].filter(propExists)).toEqual([]);
});

test.each(['VirtualService', 'DestinationRule'])('at least 95 %% of the fields of %s have a prop', kind => {
  expect(shareOf(kind).percent).toBeGreaterThanOrEqual(95);
});

test('the document says so; npm run coverage writes it', () => {
  expect(readFileSync(join(__dirname, '../../docs/coverage.md'), 'utf8')).toBe(document());
});
