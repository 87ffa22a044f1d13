import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { analyze, describeFinding, loadSuppressions } from '../../src/analysis';
import type { AnalyzeOptions } from '../../src/analysis';
import { loadManifests, parseManifests } from '../../src/manifest/loader';

const ORDINARY = join(__dirname, 'ordinary');
const EXAMPLES = join(__dirname, '../../examples');

function found(objects: Parameters<typeof analyze>[0], options: AnalyzeOptions = {}): string[] {
  return analyze(objects, options).filter(({ rule }) => rule !== 'kinds-missing').map(describeFinding);
}

/** The intended findings in the last step of the walk-through. */
const EXPLAINED = loadSuppressions(join(EXAMPLES, 'coolstore/suppressions.yaml'));

describe('manifests without a mistake have no finding', () => {
  test.each(readdirSync(ORDINARY))('%s', file => {
    const { objects, problems } = parseManifests(readFileSync(join(ORDINARY, file), 'utf8'), { file });
    expect(problems).toEqual([]);
    expect(found(objects)).toEqual([]);
  });

  test.each(readdirSync(ORDINARY))('and neither has %s without one of its kinds', file => {
    const { objects } = parseManifests(readFileSync(join(ORDINARY, file), 'utf8'), { file });
    for (const left of new Set(objects.map(({ kind }) => kind))) {
      // Without Gateways nothing tells whose ports are a gateway's; of other kinds there may be nothing in the input.
      if (['Gateway', 'VirtualService', 'MeshConfig', 'Sidecar', 'ServiceEntry'].includes(left)) continue;
      expect([left, ...found(objects.filter(({ kind }) => kind !== left))]).toEqual([left]);
    }
  });
});

describe('the examples have only explained findings', () => {
  const steps = ['coolstore', 'shared-host', 'ten-lines'].flatMap(example => {
    const expected = join(EXAMPLES, example, 'expected');
    const folders = readdirSync(expected, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(({ name }) => join(expected, name));
    return folders.length > 0 ? folders : [expected];
  });

  test.each(steps.map(step => [step.slice(EXAMPLES.length + 1), step]))('%s', (_, step) => {
    const { objects } = loadManifests([step]);
    const explained = step.endsWith('20-composed') ? EXPLAINED : [];
    expect(objects.length).toBeGreaterThan(0);
    expect(found(objects, { suppressions: explained })).toEqual([]);
  });
});
