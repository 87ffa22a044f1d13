import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { loadManifests, parseManifests } from '../../src/manifest/loader';
import { cases } from '../cases';

const EXAMPLES = join(__dirname, '../../examples');
const GOLDENS = join(__dirname, '../goldens');

/** Manifests that are applied together. */
export interface ManifestSet {
  readonly name: string;
  readonly objects: readonly KubernetesObject[];
  readonly meshConfig?: MeshConfigFields;
}

/** The manifests of every example: one set per folder with files. */
export function exampleSets(): ManifestSet[] {
  return readdirSync(EXAMPLES, { withFileTypes: true }).filter(entry => entry.isDirectory())
    .flatMap(({ name }) => setsIn(`${name}/expected`)).filter(({ objects }) => objects.length > 0);
}

function setsIn(path: string): ManifestSet[] {
  const entries = readdirSync(join(EXAMPLES, path), { withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(({ name }) => join(EXAMPLES, path, name));
  return [
    { name: path, objects: loadManifests(files).objects },
    ...entries.filter(entry => entry.isDirectory()).flatMap(({ name }) => setsIn(`${path}/${name}`)),
  ];
}

/** The manifests of a share of the cases, evenly spread. */
export function caseSets(share: number): ManifestSet[] {
  const step = Math.max(1, Math.round(1 / share));
  return cases.filter((_, i) => i % step === 0).map(({ name, namespace = 'default', meshConfig }) => ({
    name,
    objects: parseManifests(readFileSync(join(GOLDENS, name, 'input.yaml'), 'utf8'), { namespace }).objects,
    ...meshConfig !== undefined && { meshConfig: yaml.load(meshConfig) as MeshConfigFields },
  }));
}
