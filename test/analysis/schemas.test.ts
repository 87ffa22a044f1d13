import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaSource } from '../../scripts/schemas';
import { specsSource } from '../../scripts/specs';
import { celRule } from '../../src/analysis/schema/cel-rules';
import { NODES } from '../../src/manifest/crd-schemas.generated';

test('the table of schemas follows from the pinned CRDs', () => {
  expect(readFileSync(join(__dirname, '../../src/manifest/crd-schemas.generated.ts'), 'utf8')).toBe(schemaSource());
});

test('the types of manifests follow from the pinned CRDs', () => {
  expect(readFileSync(join(__dirname, '../../src/manifest/istio-specs.generated.ts'), 'utf8')).toBe(specsSource());
});

test('every CEL rule of a CRD is known', () => {
  const rules = [...new Set(NODES.flatMap(node => node.rules ?? []))];
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.filter(rule => celRule(rule) === undefined)).toEqual([]);
});
