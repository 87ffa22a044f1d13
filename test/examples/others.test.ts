import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { crdErrors } from '../crds';
import type { Manifest } from '../manifests';

const examples = join(__dirname, '../../examples');
const made = mkdtempSync(join(tmpdir(), 'examples-'));
afterAll(() => rmSync(made, { recursive: true, force: true }));

const filesBelow = (folder: string) =>
  (readdirSync(folder, { recursive: true }) as string[]).filter(file => statSync(join(folder, file)).isFile()).sort();

describe.each(['environments', 'golden-path', 'shared-host', 'ten-lines', 'terraform'])('%s', example => {
  test('is what people reviewed, byte for byte, and valid against Istio\'s CRDs', () => {
    process.env.CDK8S_OUTDIR = join(made, example);
    const log = jest.spyOn(console, 'log').mockImplementation();
    jest.isolateModules(() => {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      require(join(examples, example, 'main'));
    });
    delete process.env.CDK8S_OUTDIR;
    expect(log.mock.calls).toEqual([[`written to ${join(made, example)}`]]);
    log.mockRestore();
    const files = filesBelow(join(made, example));
    expect(files).toEqual(filesBelow(join(examples, example, 'expected')));
    for (const file of files) {
      const text = readFileSync(join(made, example, file), 'utf8');
      expect(text).toBe(readFileSync(join(examples, example, 'expected', file), 'utf8'));
      if (file.endsWith('.k8s.yaml')) expect((yaml.loadAll(text) as Manifest[]).flatMap(crdErrors)).toEqual([]);
    }
  });
});
