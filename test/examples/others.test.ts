import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';

const examples = join(__dirname, '../../examples');
const made = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(made, { recursive: true, force: true }));

describe.each(['ten-lines', 'shared-host'])('%s', example => {
  test('is what people reviewed, byte for byte, and valid against Istio\'s CRDs', () => {
    process.env.CDK8S_OUTDIR = join(made, example);
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      require(join(examples, example, 'main'));
    });
    delete process.env.CDK8S_OUTDIR;
    const files = readdirSync(join(made, example)).sort();
    expect(files).toEqual(readdirSync(join(examples, example, 'expected')).sort());
    for (const file of files) {
      const text = readFileSync(join(made, example, file), 'utf8');
      expect(text).toBe(readFileSync(join(examples, example, 'expected', file), 'utf8'));
      expect((yaml.loadAll(text) as Manifest[]).flatMap(crdErrors)).toEqual([]);
    }
  });
});
