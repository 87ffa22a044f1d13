import { existsSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { makeFolder } from '../../manifest/make-folder';
import { UsageError } from '../usage-error';

/** Files of npm and Git that do not count as content of a folder. */
const NO_CONTENT = ['.git', '.npmrc', 'node_modules', 'npm-shrinkwrap.json', 'package.json', 'package-lock.json', '.DS_Store'];

/** The maximum number of names in an error. */
const LISTED = 5;

/** Rejects a file, and a folder with content. A missing folder counts as empty. */
export function requireEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new UsageError(`'${folder}' is a file; name a folder, or omit it for the current one`);
  const present = read(folder, () => readdirSync(folder))
    .filter(name => !NO_CONTENT.includes(name) && !isInstalledTarball(folder, name))
    .sort();
  if (present.length === 0) return;
  const rest = present.length > LISTED ? ` and ${present.length - LISTED} more` : '';
  throw new UsageError(
    `the folder '${folder}' is not empty: ${present.slice(0, LISTED).join(', ')}${rest}; name an empty folder: cdk8s-istio init FOLDER`,
  );
}

/** Whether package.json names this file as the source of a package. */
function isInstalledTarball(folder: string, name: string): boolean {
  if (!name.endsWith('.tgz')) return false;
  const manifest = textOf(join(folder, 'package.json')) ?? '';
  return new RegExp(`"file:(\\./)?${name.replace(/[.+]/g, '\\$&')}"`).test(manifest);
}

/** The content of a file, or undefined if it does not exist. */
export function textOf(file: string): string | undefined {
  return existsSync(file) ? read(file, () => readFileSync(file, 'utf8')) : undefined;
}

function read<T>(path: string, from: () => T): T {
  try {
    return from();
  } catch (error) {
    throw new UsageError(`'${path}' cannot be read (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`);
  }
}

/** Writes all files or none. An existing file is replaced at the end, in one step. */
export function writeAll(folder: string, files: ReadonlyMap<string, string>): void {
  const written: string[] = [];
  const made: string[] = [];
  try {
    const replaced: [from: string, to: string][] = [];
    for (const [name, text] of files) {
      const file = join(folder, name);
      makeFolder(resolve(dirname(file)), made);
      const target = existsSync(file) ? `${file}.new` : file;
      written.push(target);
      writeFileSync(target, text);
      if (target !== file) replaced.push([target, file]);
    }
    for (const [from, to] of replaced) renameSync(from, to);
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    for (const each of made.reverse()) rmdirSync(each);
    throw new UsageError(
      `'${folder}' cannot be written (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); nothing of the project is left in it; `
      + 'name a folder that you can create and write to',
    );
  }
}
