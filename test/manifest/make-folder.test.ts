import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from '../../src/manifest/make-folder';

test('creates the missing folders above a folder, and tells which', () => {
  const root = mkdtempSync(join(tmpdir(), 'folders-'));
  const made: string[] = [];
  makeFolder(join(root, 'a', 'b'), made);
  expect(made).toEqual([join(root, 'a'), join(root, 'a', 'b')]);
  makeFolder(join(root, 'a', 'b'), made);
  expect(made).toHaveLength(2);
  expect(existsSync(join(root, 'a', 'b'))).toBe(true);
  rmSync(root, { recursive: true });
});

// With the `recursive` option of mkdirSync(), this never returns.
test('fails at a folder that no program can create', () => {
  expect(() => makeFolder('/proc/no-such-folder/below')).toThrow(/ENOENT|EACCES|EPERM/);
});
