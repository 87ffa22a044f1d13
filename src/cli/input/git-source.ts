import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import type { SourceText } from './source-text';
import { isHidden, isManifest } from '../../manifest/file-finder';
import { decodeText, RefusedText } from '../../manifest/text-file';
import { UsageError } from '../usage-error';

const PREFIX = 'git:';
/** The maximum size of git's output, in bytes. */
const LARGEST = 2 ** 30;

export function isGitPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/**
 * Reads the manifests of `git:REVISION:PATH` without touching the working tree; the path is relative to the current folder, as all paths
 * are.
 */
export function readGit(source: string): SourceText[] {
  const [, revision, path] = /^git:([^:]+):(.*)$/.exec(source) ?? [];
  if (revision === undefined) {
    throw new UsageError(`'${source}' lacks a revision or a path; write git:REVISION:PATH, such as git:main:deploy`);
  }
  return new Revision(source, revision).read(path === '' ? '.' : path);
}

/** A file, a link or a submodule of a revision, by its path from the root. */
interface Entry {
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

/** The target of a symbolic link as `git cat-file` prints it: kind and id, or `dangling` and similar. */
interface Target {
  readonly kind: string;
  readonly id: string;
  readonly content: Buffer;
}

const [LINK, SUBMODULE] = ['120000', '160000'];

class Revision {
  private readonly tree: string;
  /** The current folder, from the root. */
  private readonly folder: string;

  public constructor(private readonly source: string, private readonly revision: string) {
    const isThere = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{tree}`];
    this.tree = this.git(isThere, `there is no revision '${revision}'`).toString().trim();
    this.folder = this.git(['rev-parse', '--show-prefix'], 'the current folder is not in a Git repository').toString().replace(/\n$/, '');
  }

  public read(asked: string): SourceText[] {
    const root = posix.join(this.folder, asked).replace(/\/$/, '');
    const entries = this.followed(this.list(['--full-name', this.tree, '--', asked], ''), new Set());
    if (entries.length === 0) {
      throw new UsageError(
        `'${this.source}': revision '${this.revision}' has nothing at '${asked}'; the path is relative to the current folder`,
      );
    }
    const isNamed = ({ path }: Entry) => path === root;
    const within = ({ path }: Entry) => posix.relative(root, path);
    const files = entries.filter(
      entry => isNamed(entry) || (!isHidden(within(entry)) && (entry.mode === SUBMODULE || isManifest(entry.path))),
    );
    const blobs = this.blobs(files.filter(({ mode }) => mode !== SUBMODULE).map(({ id }) => id), []);
    return files.map(entry => {
      const file = `${PREFIX}${this.revision}:${posix.relative(this.folder, entry.path)}`;
      const place = { file, within: isNamed(entry) ? posix.basename(root) : within(entry) };
      if (entry.mode === SUBMODULE) {
        return { ...place, problem: { message: 'a submodule is in another repository', repair: 'name the paths next to it' } };
      }
      if (entry.mode === LINK) {
        return { ...place, problem: { message: 'the symbolic link has no target in this revision', repair: 'remove it' } };
      }
      return { ...place, ...textOf(blobs.shift()!.content) };
    });
  }

  private list(args: readonly string[], below: string): Entry[] {
    const listed = this.git(['ls-tree', '-r', '-z', ...args], 'its files cannot be listed').toString();
    return listed.split('\0').filter(line => line !== '').map(line => {
      const tab = line.indexOf('\t');
      const [mode, , id] = line.slice(0, tab).split(' ');
      return { mode, id, path: below + line.slice(tab + 1) };
    });
  }

  /** The entries, with symbolic links replaced by their targets. The targets of links to folders are listed recursively. */
  private followed(entries: readonly Entry[], seen: Set<string>): Entry[] {
    const links = entries.filter(({ mode, path }) => mode === LINK && !path.includes('\n'));
    const targets = new Map(
      this.blobs(
        links.map(({ path }) => `${this.tree}:${path}`),
        ['--follow-symlinks'],
      ).map((target, i) => [links[i], target]),
    );
    return entries.flatMap(entry => {
      const target = targets.get(entry);
      if (target?.kind === 'blob') return [{ ...entry, mode: '100644', id: target.id }];
      if (target?.kind !== 'tree') return [entry];
      if (seen.has(target.id)) return [];
      return this.followed(this.list(['--full-tree', target.id], `${entry.path}/`), seen.add(target.id));
    });
  }

  private blobs(names: readonly string[], options: readonly string[]): Target[] {
    if (names.length === 0) return [];
    const output = this.git(['cat-file', '--batch', ...options], 'its files cannot be read', `${names.join('\n')}\n`);
    const targets: Target[] = [];
    for (let at = 0; targets.length < names.length;) {
      const end = output.indexOf('\n', at);
      // If git cannot follow a link, the first word says why, and the second is the size.
      const words = output.subarray(at, end).toString().split(' ');
      const size = Number(words[words.length - 1]);
      targets.push({ id: words[0], kind: words.length === 3 ? words[1] : words[0], content: output.subarray(end + 1, end + 1 + size) });
      at = end + 1 + size + 1;
    }
    return targets;
  }

  private git(args: readonly string[], problem: string, input?: string): Buffer {
    try {
      return execFileSync('git', args, { input, maxBuffer: LARGEST, stdio: ['pipe', 'pipe', 'pipe'] });
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer };
      if (code === 'ENOENT') throw new UsageError(`'${this.source}' requires the command git, which is not installed`);
      const said = stderr?.toString().trim();
      throw new UsageError(`'${this.source}': ${problem}${said ? `; git says: ${said}` : ''}`);
    }
  }
}

function textOf(bytes: Buffer): { readonly text: string } | { readonly problem: RefusedText['problem'] } {
  try {
    return { text: decodeText(bytes) };
  } catch (error) {
    if (error instanceof RefusedText) return { problem: error.problem };
    throw error;
  }
}
