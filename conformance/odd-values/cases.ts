import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DURATION_FIELDS, FORMAT_FIELDS, oddKey, oddValue } from './values';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { pathText } from '../../src/manifest/provenance';
import { Dice } from '../fuzz/dice';
import type { Json, Proxy } from '../istiod/client';

/** A mesh with one odd value. */
export interface OddCase {
  readonly id: string;
  /** The object with the odd value. */
  readonly object: KubernetesObject;
  /** The rest of the mesh, which Envoy accepts. */
  readonly rest: readonly KubernetesObject[];
}

export const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' } },
  { name: 'gate', type: 'gateway', namespace: 'shop', labels: { istio: 'ingressgateway' } },
];

export const MESH_CONFIG = 'extensionProviders: [{ name: zipkin, zipkin: { service: other.shop.svc.cluster.local, port: 80 } }]';

const read = (file: string): readonly KubernetesObject[] => parseManifests(readFileSync(join(__dirname, file), 'utf8')).objects;
const MESH = read('mesh.yaml');
/** Objects whose values are replaced. Each mesh has one of them. */
const SEEDS = read('seeds.yaml');

type Path = readonly (string | number)[];

function leaves(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.keys(value).flatMap(key => leaves(value[key], [...path, Array.isArray(value) ? Number(key) : key]));
}

/** Maps with keys that users choose. */
const KEYED = /\.(set|add|headers|withoutHeaders|queryParams|customTags)$/;

/** A leaf. Formats and durations of Envoy are drawn more often. */
function chosenLeaf(dice: Dice, all: readonly Path[]): Path {
  const formats = all.filter(path => FORMAT_FIELDS.test(pathText(path)));
  const durations = all.filter(path => DURATION_FIELDS.test(pathText(path)));
  if (formats.length > 0 && dice.chance(0.4)) return dice.pick(formats);
  return durations.length > 0 && dice.chance(0.1) ? dice.pick(durations) : dice.pick(all);
}

/** A case with one odd value, determined by its seed. */
export function oddCase(seed: number): OddCase {
  const dice = new Dice(seed);
  const object = structuredClone(dice.pick(SEEDS)) as Json;
  const path = chosenLeaf(dice, leaves(object.spec, ['spec']));
  const parent = path.slice(0, -1).reduce((above: Json, step) => above[step], object);
  const [place, last] = [pathText(path), path[path.length - 1]];
  let what: string;
  if (KEYED.test(pathText(path.slice(0, -1))) && typeof last === 'string' && dice.chance(0.4)) {
    const key = oddKey(dice);
    const value = parent[last];
    delete parent[last];
    Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
    what = `${pathText(path.slice(0, -1))} with the key ${JSON.stringify(key)}`;
  } else if (path.length > 2 && dice.chance(0.06)) {
    const outer = path.slice(0, dice.int(2, path.length - 1));
    const above = outer.slice(0, -1).reduce((around: Json, step) => around[step], object);
    const emptied = outer[outer.length - 1];
    above[emptied] = Array.isArray(above[emptied]) ? [] : {};
    what = `${pathText(outer)} emptied`;
  } else if (dice.chance(0.06)) {
    if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
    what = `${place} removed`;
  } else {
    parent[last] = oddValue(dice, place, parent[last]);
    what = `${place} = ${JSON.stringify(parent[last])}`;
  }
  return { id: `${seed}: ${object.kind} ${object.metadata.name} ${what.slice(0, 200)}`, object, rest: MESH };
}
