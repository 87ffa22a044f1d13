import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { loadManifests } from '../../src/manifest/loader';

/** The folders of Istio's repository with the manifests of samples and tests. */
const FOLDERS = ['samples', 'tests', 'pkg', 'pilot', 'istioctl', 'operator', 'manifests'];
const OF_ISTIO = /^\s*"?apiVersion"?:\s*"?[\w.]*istio\.io\//m;

/** The manifests of one file. */
export interface ForeignFile {
  /** Its path in the module. */
  readonly path: string;
  readonly objects: readonly KubernetesObject[];
}

/** The folder of the pinned module. */
export function moduleFolder(): string {
  const options = { cwd: join(__dirname, '../istiod'), encoding: 'utf8' } as const;
  return spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], options).stdout.trim();
}

function* yamlFiles(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* yamlFiles(path);
    else if (/\.ya?ml$/.test(entry.name)) yield path;
  }
}

/** The files of the module with Istio objects, or an evenly spread share of them, without templates. */
export function foreignFiles(share: number): ForeignFile[] {
  const root = moduleFolder();
  const step = Math.max(1, Math.round(1 / share));
  const files = FOLDERS.flatMap(folder => [...yamlFiles(join(root, folder))]).filter(file => OF_ISTIO.test(readFileSync(file, 'utf8')));
  return files.filter((_, i) => i % step === 0)
    .map(file => ({ path: relative(root, file), objects: loadManifests([file]).objects }))
    .filter(({ objects }) => objects.length > 0);
}

/** The files of each folder together, for folders with several files. */
export function foldersOf(files: readonly ForeignFile[]): ForeignFile[] {
  const folders = new Map<string, ForeignFile[]>();
  for (const file of files) folders.set(dirname(file.path), [...folders.get(dirname(file.path)) ?? [], file]);
  return [...folders].filter(([, inside]) => inside.length > 1)
    .map(([path, inside]) => ({ path, objects: inside.flatMap(({ objects }) => objects) }));
}
