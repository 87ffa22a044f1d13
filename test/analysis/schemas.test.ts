import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as schemas from '../../scripts/schemas';
import * as specs from '../../scripts/specs';
import { celRule } from '../../src/analysis/schema/cel-rules';
import { NODES } from '../../src/manifest/crd-schemas.generated';

const read = (file: string) => readFileSync(join(__dirname, '../..', file), 'utf8');

test.each([schemas.ISTIO, schemas.GATEWAY_API])('$file follows from the pinned CRDs', api => {
  expect(read(api.file)).toBe(schemas.schemaSource(api));
});

test.each([specs.ISTIO, specs.GATEWAY_API])('$file follows from the pinned CRDs', api => {
  expect(read(api.file)).toBe(specs.specsSource(api));
});

test('every CEL rule of a CRD is known', () => {
  const rules = [...new Set(NODES.flatMap(node => node.rules ?? []))];
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter(rule => celRule(rule) === undefined)).toEqual([]);
});
