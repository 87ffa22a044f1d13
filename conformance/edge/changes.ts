import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { describeObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { pathText } from '../../src/manifest/provenance';
import { Dice } from '../fuzz/dice';
import type { Json } from '../istiod/client';

/** A mesh before and after one change of one object. */
export interface OneChange {
  readonly id: string;
  readonly before: readonly KubernetesObject[];
  readonly after: readonly KubernetesObject[];
}

const read = (file: string): readonly KubernetesObject[] => parseManifests(readFileSync(join(__dirname, file), 'utf8')).objects;
const MESH = read('mesh.yaml');
/** Objects of which one is in each mesh. */
const OTHERS = [...read('partly-read.yaml'), ...read('../odd-values/seeds.yaml').map(reachable)];

/** The same object without conditions that no request meets, whose changes would change nothing. */
function reachable(object: KubernetesObject): KubernetesObject {
  const text = JSON.stringify(object).replaceAll('"regex":"a.*"', '"regex":"c.*"').replaceAll('/older', '/elder')
    // The subnet has the only address of the host.
    .replaceAll('"destinationSubnets":["10.0.0.0/24"]', '"sourceLabels":{"app":"web"}');
  return JSON.parse(text) as KubernetesObject;
}

type Path = readonly (string | number)[];

function places(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.keys(value).flatMap(key => places(value[key], [...path, Array.isArray(value) ? Number(key) : key]));
  return path.length < 2 ? below : [path, ...below];
}

/** Another value of the same type. */
function otherValue(value: Json, dice: Dice): Json {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return dice.pick([value + 1, value * 2, 0, 1]);
  if (typeof value !== 'string') return undefined;
  return dice.pick([
    `${value}x`, 'x', `${value}-v2`, 'other', 'web', 'STRICT', 'DISABLE', 'DENY', 'PASSTHROUGH', '30s', '*', 'other.shop.svc.cluster.local',
    '10.0.0.9',
  ]);
}

/**
 * Whether a cluster takes a change: the selector of a Deployment belongs to its labels, and the harness gives out addresses of Services.
 */
function isChangeable({ kind }: KubernetesObject, path: Path): boolean {
  const text = pathText(path);
  return (
    !/^(apiVersion|kind)$/.test(text)
    && !(kind === 'Deployment' && /selector|labels|template$|spec$/.test(text))
    && !text.includes('clusterIP')
  );
}

function changed(object: KubernetesObject, dice: Dice): { readonly what: string; readonly object: KubernetesObject } {
  const copy = JSON.parse(JSON.stringify(object)) as Json;
  const { metadata, ...content } = copy;
  const named = Object.keys(metadata).filter(key => key === 'labels' || key === 'annotations');
  const path = dice.pick(places({ ...content, metadata: Object.fromEntries(named.map(key => [key, metadata[key]])) })
    .filter(each => isChangeable(copy, each)));
  let parent = copy;
  for (const key of path.slice(0, -1)) parent = parent[key];
  const last = path[path.length - 1];
  const value = dice.chance(0.7) ? otherValue(parent[last], dice) : undefined;
  if (value !== undefined) parent[last] = value;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return { what: `${pathText(path)} ${value === undefined ? 'removed' : `= ${JSON.stringify(value)}`}`, object: copy };
}

/** A mesh in which one object is added, removed or changed. */
export function oneChange(seed: number): OneChange {
  const dice = new Dice(seed);
  const more = dice.pick(OTHERS);
  const all = dice.chance(0.4) ? [...MESH, more, dice.pick(OTHERS.filter(other => other !== more))] : [...MESH, more];
  const object = dice.chance(0.7) ? more : dice.pick(MESH);
  const rest = all.filter(other => other !== object);
  const name = `${seed}: ${describeObject(object as never)}`;
  if (dice.chance(0.1)) return { id: `${name} added`, before: rest, after: all };
  if (dice.chance(0.1)) return { id: `${name} removed`, before: all, after: rest };
  const { what, object: instead } = changed(object, dice);
  return { id: `${name} ${what}`, before: all, after: all.map(other => (other === object ? instead : other)) };
}
