import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { factsFrom } from './facts-option';
import { isGitPath, readGit } from './git-source';
import { istioOption } from './istio-option';
import { meshConfigFor, refusedMeshConfig } from './mesh-config-file';
import { severalEnvironments } from './several-environments';
import type { SourceText } from './source-text';
import { readStandardInput } from './standard-input';
import type { LoadedFacts } from '../../cluster/cluster-facts';
import type { LoadedManifests, LoadOptions } from '../../manifest/collector';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { lastApplied } from '../../manifest/last-applied';
import { loadManifests, parseManifests } from '../../manifest/loader';
import type { ManifestProblem } from '../../manifest/manifest-problem';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The manifests of one cluster. */
export interface Environment {
  /** The name of the sub-folder. Undefined if all PATHs are one environment. */
  readonly name?: string;
  readonly objects: readonly KubernetesObject[];
  readonly problems: readonly ManifestProblem[];
  readonly notes: readonly string[];
  /** What the cluster has besides the objects. */
  readonly facts: LoadedFacts;
}

/** The sources of an environment: paths of the file system, and files from elsewhere. */
interface Sources {
  readonly paths: string[];
  readonly texts: SourceText[];
}

/**
 * Reads the PATHs of a command: as one environment, or with `--each` as one per direct sub-folder. Sub-folders of the same name are one
 * environment. `known` holds the documents that were read before.
 */
export async function readEnvironments(paths: readonly string[], given: Arguments, known?: LoadOptions['known']): Promise<Environment[]> {
  const facts = checkedOptions(given);
  if (!given.is('each')) return [{ ...read(await sourcesOf(paths), given, known), facts }];
  const folders = new Map<string, Sources>();
  const folder = (name: string) => folders.get(name) ?? folders.set(name, { paths: [], texts: [] }).get(name)!;
  for (const path of paths) {
    if (path === '-') throw new UsageError('--each requires folders, but standard input has none');
    if (isGitPath(path)) {
      for (const text of readGit(path)) {
        if (text.within.includes('/')) folder(text.within.slice(0, text.within.indexOf('/'))).texts.push(text);
      }
    } else {
      for (const name of subFolders(path)) folder(name).paths.push(join(path, name));
    }
  }
  if (folders.size === 0) throw new UsageError(`--each requires sub-folders, but ${paths.join(', ')} has none`);
  return [...folders].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sources]) => ({ name, ...read(sources, given, known), facts }));
}

/** Rejects wrong values of options before any message about the manifests. */
function checkedOptions(given: Arguments): LoadedFacts {
  istioOption(given);
  meshConfigFor([], given.get('mesh-config'));
  return factsFrom(given);
}

async function sourcesOf(paths: readonly string[]): Promise<Sources> {
  const named = [...new Set(paths)];
  const texts: SourceText[] = [];
  for (const path of named) {
    if (path === '-') texts.push(await readStandardInput());
    else if (isGitPath(path)) texts.push(...readGit(path));
  }
  return { paths: named.filter(path => path !== '-' && !isGitPath(path)), texts };
}

function read({ paths, texts }: Sources, given: Arguments, known: LoadOptions['known']): LoadedManifests {
  paths.forEach(checkReadable);
  const options: LoadOptions = { namespace: given.get('namespace'), known };
  const parts = [...(paths.length > 0 ? [loadManifests(paths, options)] : []), ...texts.map(text => parsed(text, options))];
  const loaded: LoadedManifests = {
    objects: parts.flatMap(part => part.objects),
    problems: parts.flatMap(part => part.problems),
    notes: [...new Set(parts.flatMap(part => part.notes))],
  };
  const applied = withoutRefused(lastApplied(loaded), given);
  const several =
    applied.objects.length < loaded.objects.length && !given.is('each') ? severalEnvironments(loaded.objects, given.operands) : undefined;
  return several === undefined ? applied : { ...applied, notes: [...loaded.notes, several] };
}

/** MeshConfig that cannot be read is a problem of the object that holds it, not of the others. */
function withoutRefused(loaded: LoadedManifests, given: Arguments): LoadedManifests {
  const refused = given.get('mesh-config') === undefined ? refusedMeshConfig(loaded.objects) : undefined;
  if (!refused) return loaded;
  return {
    ...loaded,
    objects: loaded.objects.filter(object => object !== refused.object),
    problems: [...loaded.problems, refused.problem],
  };
}

function parsed(source: SourceText, options: LoadOptions): LoadedManifests {
  const { file } = source;
  return 'text' in source
    ? parseManifests(source.text, { ...options, file })
    : { objects: [], problems: [{ file, ...source.problem }], notes: [] };
}

/** A path that the user names must exist. A missing file inside a folder is a problem of the folder. */
function checkReadable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      throw new UsageError(`there is no file or folder '${path}'; name an existing one, - for standard input, or git:REVISION:PATH`);
    }
    if (code === 'ELOOP') throw new UsageError(`'${path}' is a symbolic link that points to itself; name its intended target`);
    if (code === 'ENOTDIR') throw new UsageError(`'${path}' goes through a file as if it were a folder; name the file itself`);
    throw new UsageError(`'${path}' cannot be read (${code}); allow reading it`);
  }
}

function subFolders(path: string): string[] {
  checkReadable(path);
  if (!statSync(path).isDirectory()) throw new UsageError(`--each requires folders, but '${path}' is a file`);
  return readdirSync(path).filter(name => !name.startsWith('.') && name !== 'node_modules' && isFolder(join(path, name)));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false; // a dangling symbolic link
  }
}
