import { parseManifests } from '../../src/manifest/loader';
import type { FieldPath } from '../../src/manifest/provenance';
import { lineOf } from '../../src/manifest/provenance';

const HEAD = 'apiVersion: v1\nkind: Service\nmetadata: {name: a}\n';

/** The line of a field, counted after the head. */
function line(body: string, ...path: FieldPath): number {
  const { objects, problems } = parseManifests(HEAD + body);
  expect(problems).toEqual([]);
  return lineOf(objects[0], path)! - 3;
}

describe('a finding is at the line of its field', () => {
  test.each<[string, string, FieldPath, number]>([
    ['in blocks', 'spec:\n  ports:\n  - name: a\n    port: 1\n  - name: b\n    port: 2\n', ['spec', 'ports', 1, 'port'], 6],
    ['in braces that go over lines', 'spec: {ports: [{name: a,\n port: 1}, {\n name: b, port: 2}]}\n', ['spec', 'ports', 1, 'name'], 3],
    [
      'behind comments and empty lines',
      '# one\n\nspec:\n  # two\n\n  ports:\n    # three\n    - port: 1\n',
      ['spec', 'ports', 0, 'port'],
      8,
    ],
    ['in a list within a list', 'spec:\n- - a\n  - b\n- - c\n', ['spec', 1, 0], 4],
    ['of an item that is empty', 'spec:\n- a\n-\n# c\n-\n- d\n', ['spec', 2], 5],
    ['of an item behind empty ones', 'spec:\n-\n-\n- d\n', ['spec', 2], 4],
    ['of an item that says null', 'spec:\n- ~\n- null\n', ['spec', 1], 3],
    ['behind text in a block', 'a: |\n  spec:\n    x: 1\nspec:\n  x: 2\n', ['spec', 'x'], 5],
    ['behind text in quotes that goes over lines', 'a: "x\n  spec: y"\nspec: 1\n', ['spec'], 3],
    ['of a key in quotes', 'spec:\n  "a: b": 1\n  \'it\'\'s\': 2\n  "\\u0078": 3\n', ['spec', 'x'], 4],
    ['of a key that is a number or a word', 'spec:\n  8080: a\n  yes: b\n  010: c\n', ['spec', '8'], 4],
    ['of a key with a question mark', 'spec:\n  ? a\n  : b\n  ? c\n  :\n    d: 1\n', ['spec', 'c', 'd'], 6],
    ['of a pair in brackets', 'spec: [a: 1,\n b: 2]\n', ['spec', 1], 2],
    ['behind an anchor in the line before', 'spec:\n- &x\n  a: 1\n- b: 2\n', ['spec', 0], 3],
    ['behind a tag', 'spec: !!map\n  a: !!int 1\n  b: 2\n', ['spec', 'b'], 3],
    ['of what an alias stands for: at the alias', 'spec:\n  a: &x {c: 1}\n  b: *x\n', ['spec', 'b', 'c'], 3],
    ['of what a merge brings: at the object', 'a: &x {c: 1}\nspec:\n  <<: *x\n  d: 2\n', ['spec', 'c'], 2],
    ['of what is not there: at the nearest thing around it', 'spec:\n  a:\n    b: 1\n', ['spec', 'a', 'x', 'y'], 2],
  ])('%s', (_, body, path, expected) => expect(line(body, ...path)).toBe(expected));

  test('for a duplicated key, at the value that counts', () => {
    const { objects } = parseManifests(`${HEAD}spec: 1\nspec:\n  a: 2\n`);
    expect(lineOf(objects[0], ['spec', 'a'])).toBe(6);
  });

  test('in JSON, and at the first line in JSON that YAML parsers reject', () => {
    const { objects: [a, b] } = parseManifests('{"apiVersion": "v1", "kind": "Service",\n"metadata": {"name": "a"},\n"spec": {\t"ports":\n[1, {"port": 2}]}}\n'
      + '{"apiVersion"\n: "v1", "kind": "Service",\n"metadata": {"name": "b"}}');
    expect(lineOf(a, ['spec', 'ports', 1, 'port'])).toBe(4);
    expect(lineOf(b, ['metadata', 'name'])).toBe(5);
  });

  test('in each document of a large stream', () => {
    const { objects } = parseManifests(
      Array.from({ length: 3000 }, (_, i) => `${HEAD}spec:\n- ${i}\n- {a: [1, 2, 3, 4, 5, 6, 7, 8, 9]}\n`).join('---\n'),
    );
    expect(objects.map(object => lineOf(object, ['spec', 1, 'a', 8]))).toEqual(objects.map((_, i) => 7 * i + 6));
  });
});
