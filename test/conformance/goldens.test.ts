import * as yaml from 'js-yaml';
import { inputOf } from '../../conformance/case';
import { cases } from '../../conformance/cases';
import { describeDifference, differences } from '../../conformance/difference';
import { orphans, readGolden } from '../../conformance/golden';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';

describe.each(cases.map(c => [c.name, c] as const))('%s', (_, it) => {
  const golden = readGolden(it.name);

  test('renders the manifests of the golden, valid against the CRDs', () => {
    const input = inputOf(it);
    expect(input).toBe(golden?.input);
    expect((yaml.loadAll(input) as Manifest[]).flatMap(crdErrors)).toEqual([]);
  });

  if (it.states.length > 0) {
    test.each(
      it.states.map(([stated, place, envoy]) => [`${stated} (${place.proxy}: ${place.what})`, place, envoy] as const),
    )('%s', (_stated, place, envoy) => {
      expect(differences(envoy, place.find(golden!.answer[place.proxy]), { part: true }).map(describeDifference)).toEqual([]);
    });
  }
});

test('no golden exists without a case', () => {
  expect(orphans(cases)).toEqual([]);
});
