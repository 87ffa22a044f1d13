import { execFileSync } from 'node:child_process';
import { UsageError } from '../usage-error';

/** A file's name, and what stands in it. */
export interface SourceText {
  readonly file: string;
  /** Its place below the path that was asked for. */
  readonly within: string;
  readonly text: string;
}

const PREFIX = 'git:';
/** The most that git may answer, in bytes. */
const LARGEST = 2 ** 30;
const MANIFEST = /\.(ya?ml|json)$/i;

export function isGitPath(path: string): boolean {
  return path.startsWith(PREFIX);
}

/** Reads the manifests of `git:REVISION:PATH` without touching the working tree; the path is relative to the current folder, as all paths are. */
export function readGit(source: string): SourceText[] {
  const [, revision, path] = /^git:([^:]+):(.*)$/.exec(source) ?? [];
  if (revision === undefined) throw new UsageError(`'${source}' names no revision and path; write git:REVISION:PATH, such as git:main:deploy`);
  const tree = git(source, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{tree}`], `there is no revision '${revision}'`).toString().trim();
  const listed = git(source, ['ls-tree', '-r', '-z', tree, '--', path === '' ? '.' : path], `'${path}' cannot be listed`).toString();
  const root = path === '' || path === '.' ? '' : `${path.replace(/^\.\/|\/+$/g, '')}/`;
  const blobs = listed.split('\0').filter(line => line !== '').map(line => {
    const [meta, file] = [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)];
    const [mode, , id] = meta.split(' ');
    return { mode, id, file };
  });
  if (blobs.length === 0) throw new UsageError(`'${source}': revision '${revision}' has nothing at '${path}'; the path is relative to the current folder`);
  // Links and submodules are no files of this revision.
  const files = blobs.filter(({ mode, file }) => mode.startsWith('100') && (MANIFEST.test(file) || blobs.length === 1));
  const texts = readBlobs(source, files.map(({ id }) => id));
  return files.map(({ file }, i) => ({ file: `${PREFIX}${revision}:${file}`, within: file.startsWith(root) ? file.slice(root.length) : file, text: texts[i] }));
}

function readBlobs(source: string, ids: readonly string[]): string[] {
  if (ids.length === 0) return [];
  const output = git(source, ['cat-file', '--batch'], 'its files cannot be read', `${ids.join('\n')}\n`);
  const texts: string[] = [];
  for (let at = 0; texts.length < ids.length;) {
    const end = output.indexOf('\n', at);
    const size = Number(output.subarray(at, end).toString().split(' ')[2]);
    texts.push(output.subarray(end + 1, end + 1 + size).toString('utf8'));
    at = end + 1 + size + 1;
  }
  return texts;
}

function git(source: string, args: readonly string[], problem: string, input?: string): Buffer {
  try {
    return execFileSync('git', args, { input, maxBuffer: LARGEST, stdio: ['pipe', 'pipe', 'pipe'] });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: Buffer };
    if (code === 'ENOENT') throw new UsageError(`'${source}' needs the command git, which is not installed`);
    const said = stderr?.toString().trim();
    throw new UsageError(`'${source}': ${problem}${said ? `; git says: ${said}` : ''}`);
  }
}
