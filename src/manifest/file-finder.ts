import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { ManifestProblem } from './manifest-problem';
import { RefusedText } from './text-file';

const EXTENSIONS = ['.yaml', '.yml', '.json'];
/** The file that cdk8s-cli writes next to manifests for its validations. */
const CONSTRUCT_METADATA = 'construct-metadata.json';

/** The files of a path. The files of folders are in the order of their names. A file that several links lead to is read once. */
export class FileFinder {
  public readonly files: string[] = [];
  public readonly problems: ManifestProblem[] = [];
  private readonly seen = new Set<string>();

  public add(path: string, isNamed = true): void {
    try {
      const real = realpathSync(path);
      if (this.seen.has(real)) return;
      this.seen.add(real);
      const stat = statSync(real);
      if (stat.isDirectory()) this.addFolder(path);
      else if (isNamed || isManifest(path)) this.addFile(path, isNamed || stat.isFile());
    } catch (e) {
      // A pipe of a shell, such as /dev/fd/63, has no real path.
      if (isNamed && (e as NodeJS.ErrnoException).code === 'ENOENT' && isThere(path)) this.files.push(path);
      else this.problems.push({ file: path, ...fileProblem(e) });
    }
  }

  private addFile(path: string, isRead: boolean): void {
    if (isRead) this.files.push(path);
    else this.problems.push({ file: path, message: 'it is a pipe, a socket or a device', repair: 'remove it, or name it directly' });
  }

  private addFolder(path: string): void {
    for (const name of readdirSync(path).sort()) {
      if (!isHidden(name)) this.add(join(path, name), false);
    }
  }
}

/** Whether something in a folder is skipped, or is in a skipped folder. */
export function isHidden(path: string): boolean {
  return path.split('/').some(name => name.startsWith('.') || name === 'node_modules');
}

/** Whether the name of a file in a folder is that of a manifest. */
export function isManifest(path: string): boolean {
  return EXTENSIONS.includes(extname(path).toLowerCase()) && basename(path) !== CONSTRUCT_METADATA;
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** Why a file cannot be read. */
export function fileProblem(e: unknown): Pick<ManifestProblem, 'line' | 'message' | 'repair'> {
  if (e instanceof RefusedText) return e.problem;
  const { code, message } = e as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { message: 'there is no such file or folder', repair: 'name an existing one' };
  if (code === 'EACCES') return { message: 'access to it is denied', repair: 'allow reading it' };
  return { message: `it cannot be read: ${message}`, repair: 'make it readable, or leave it out' };
}
