import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseYaml } from '../../src/manifest/document';

const scalars = JSON.parse(readFileSync(join(__dirname, '../../conformance/kubernetes-scalars.json'), 'utf8')) as {
  text: string;
  value?: unknown;
}[];

/** Values that we read differently than Kubernetes' parser, and why. */
const DIFFERENT = new Map<string, unknown>([
  // Its merge overwrites earlier keys. By the definition of YAML, a key of the mapping itself wins.
  ['a: &x {c: 1}\nb:\n  c: 2\n  <<: *x', { a: { c: 1 }, b: { c: 2 } }],
]);

describe('how Kubernetes reads YAML', () => {
  test('the table is large', () => expect(scalars.length).toBeGreaterThanOrEqual(60));

  test.each(scalars)('$text', ({ text, value }) => {
    const read = parseYaml(text);
    if (DIFFERENT.has(text)) {
      expect(read.values).toEqual([DIFFERENT.get(text)]);
      expect(read.values).not.toEqual([value]);
    } else if (value === undefined) {
      expect(read.problems).not.toEqual([]);
    } else {
      expect(read.values).toEqual([value]);
    }
  });
});
