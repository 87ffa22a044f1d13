import { posix, relative, sep } from 'node:path';
import { isGitPath } from './git-source';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { identityOf } from '../../manifest/last-applied';
import { provenanceOf } from '../../manifest/provenance';
import { shown } from '../shown';

/** A note on an input whose direct sub-folders hold the same objects, like those of several environments. */
export function severalEnvironments(objects: readonly KubernetesObject[], paths: readonly string[]): string | undefined {
  const homes = new Map<string, Set<string>>();
  const identities = new Map<string, string[]>();
  for (const object of objects) {
    const [file, identity] = [provenanceOf(object)?.file, identityOf(object)];
    const folder = file === undefined ? undefined : subFolder(file, paths);
    if (folder === undefined || identity === undefined) continue;
    homes.set(identity, (homes.get(identity) ?? new Set()).add(folder));
    identities.set(folder, [...identities.get(folder) ?? [], identity]);
  }
  const isShared = (identity: string) => homes.get(identity)!.size > 1;
  const alike = [...identities].filter(([, own]) => 2 * own.filter(isShared).length >= own.length).map(([folder]) => folder);
  if (alike.length < 2) return undefined;
  return `the folders ${shown(alike.sort()).join(', ')} hold the same objects, of which the last one counts; if each is an environment, add --each`;
}

/** The direct sub-folder of a PATH that holds a file. */
function subFolder(file: string, paths: readonly string[]): string | undefined {
  for (const path of paths) {
    const within = isGitPath(path) === isGitPath(file) ? withinPath(file, path) : '..';
    const [folder, ...rest] = within.split('/');
    if (folder !== '..' && rest.length > 0) return folder;
  }
  return undefined;
}

/** The path of a file relative to a PATH, separated by slashes. It starts with `..` if the file is outside. */
function withinPath(file: string, path: string): string {
  if (!isGitPath(path)) return relative(path, file).split(sep).join('/');
  const [, revision, folder] = /^git:([^:]+):(.*)$/.exec(path) ?? [];
  const start = `git:${revision}:`;
  return file.startsWith(start) ? posix.relative(folder, file.slice(start.length)) : '..';
}
