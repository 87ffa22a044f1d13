import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '../..');
/** A clone of this repository as git tracks it, where `npm ci` has run and nothing is compiled. */
const clone = mkdtempSync(join(tmpdir(), 'clone-'));
beforeAll(() => {
  for (const file of execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split('\0')) {
    if (file !== '' && existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(clone, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

/** The table of examples in the README: the example's name and the command that runs it. */
const examples = [
  ...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/^\| \[[\w-]+\]\(examples\/([\w-]+)\) \| .* \| `(.+)` \|$/gm),
].map(([, name, command]) => ({ name, command }));

const filesBelow = (folder: string) => new Map((readdirSync(folder, { recursive: true }) as string[]).filter(
  file => statSync(join(folder, file)).isFile(),
).sort()
  .map(file => [file, readFileSync(join(folder, file), 'utf8')]));

describe('in a fresh clone, after npm ci alone', () => {
  test('the README gives a command for every example', () => {
    expect(examples.map(({ name }) => name).sort()).toEqual(
      readdirSync(join(ROOT, 'examples'))
        .filter(name => existsSync(join(ROOT, 'examples', name, 'main.ts')))
        .sort(),
    );
  });

  test.each(examples)('`$command` writes what examples/$name/expected holds', async ({ name, command }) => {
    const [program, ...args] = command.split(' ');
    // cdk8s-cli would ask a registry for its newest version.
    await promisify(execFile)(program, args, {
      cwd: clone,
      env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
      shell: process.platform === 'win32',
    });
    const outdir = name === 'coolstore' ? 'manifests' : join('out', name);
    expect(filesBelow(join(clone, outdir))).toEqual(filesBelow(join(ROOT, 'examples', name, 'expected')));
  }, 60_000);

  test('nothing was compiled', () => {
    expect(existsSync(join(clone, 'lib'))).toBe(false);
  });
});
