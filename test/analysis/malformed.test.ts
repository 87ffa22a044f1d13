import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyze } from '../../src/analysis';
import { KINDS } from '../../src/manifest/crd-schemas.generated';
import { parseManifests } from '../../src/manifest/loader';

const FIXTURES = join(__dirname, 'fixtures');
/** Values of wrong types. */
const VALUES: readonly unknown[] = [null, 'text', 3, true, [], {}, [null], ['x'], [{}], { a: null }, [[]], -1];

type Place = readonly [{ [key: string]: unknown }, string];

/** Every field and item below a value. */
function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as { [key: string]: unknown };
  return Object.keys(fields).flatMap(key => [[fields, key] as Place, ...placesIn(fields[key])]);
}

const ISTIO_KINDS = new Set(Object.keys(KINDS));

test.each(readdirSync(FIXTURES))('no rule fails or reports nonsense about an Istio object on the manifests of %s with any field in another shape', rule => {
  const { objects } = parseManifests(readFileSync(join(FIXTURES, rule, 'bad.yaml'), 'utf8'));
  const specs = () => structuredClone(objects).map(object => ({ ...object }));
  const count = specs().flatMap(object => placesIn({ spec: object.spec })).length;
  const failures: string[] = [];
  // Every third field is enough, across all rules. The values alternate.
  for (let at = rule.length % 3; at < count; at += 3) {
    const copy = specs();
    const places = copy.flatMap(object => [[object, 'spec'] as unknown as Place, ...placesIn(object.spec)]);
    const [parent, key] = places[at];
    parent[key] = structuredClone(VALUES[at % VALUES.length]);
    for (const { rule: found, cause, repair, resource } of analyze(copy)) {
      const isNonsense = ISTIO_KINDS.has(resource?.kind ?? '') && /\bundefined\b|\bNaN\b|\[object /.test(`${cause} ${repair}`);
      if (found === 'rule-failed' || isNonsense) failures.push(`${key} = ${JSON.stringify(parent[key])}: ${found}: ${cause}; ${repair}`);
    }
  }
  expect(failures).toEqual([]);
});

test.each(readdirSync(FIXTURES))('no rule fails on the manifests of %s with exportTo in another shape', rule => {
  const { objects } = parseManifests(readFileSync(join(FIXTURES, rule, 'bad.yaml'), 'utf8'));
  const failures = [...VALUES, '.', '*'].flatMap(exportTo => analyze(
    objects.map(object => ({ ...object, spec: { ...object.spec as object, exportTo } })),
  )
    .filter(finding => finding.rule === 'rule-failed').map(({ cause }) => `exportTo = ${JSON.stringify(exportTo)}: ${cause}`));
  expect(failures).toEqual([]);
});

test.each(readdirSync(FIXTURES))('no rule fails on the manifests of %s with the annotation exportTo in another shape', rule => {
  const { objects } = parseManifests(readFileSync(join(FIXTURES, rule, 'bad.yaml'), 'utf8'));
  const annotated = (value: unknown) =>
    objects.map(object => ({
      ...object,
      metadata: { ...object.metadata, annotations: { 'networking.istio.io/exportTo': value as string } },
    }));
  const failures = VALUES.flatMap(value => analyze(annotated(value))
    .filter(finding => finding.rule === 'rule-failed').map(({ cause }) => `the annotation ${JSON.stringify(value)}: ${cause}`));
  expect(failures).toEqual([]);
});
