import type { LoadedManifests } from './collector';
import type { KubernetesObject } from './kubernetes-object';
import { describeObject } from './kubernetes-object';
import { lineOf, provenanceOf } from './provenance';

/** The maximum number of objects that notes name. */
const MOST_NAMED = 3;

/** The objects in a cluster after `kubectl apply`: the last of each group with the same identity. Notes mention the others. */
export function lastApplied(loaded: LoadedManifests): LoadedManifests {
  const last = new Map<string, KubernetesObject>();
  const replaced = new Map<string, KubernetesObject>();
  for (const object of loaded.objects) {
    const identity = identityOf(object);
    if (identity === undefined) continue;
    const before = last.get(identity);
    if (before) replaced.set(identity, before);
    last.set(identity, object);
  }
  if (replaced.size === 0) return loaded;
  const objects = loaded.objects.filter(object => {
    const identity = identityOf(object);
    return identity === undefined || last.get(identity) === object;
  });
  const notes = [...replaced].slice(0, MOST_NAMED).map(([identity, object]) => (
    `${describeObject(object)} is in ${placeOf(object)} and in ${placeOf(last.get(identity)!)}; the last one counts, as with kubectl apply`));
  if (replaced.size > MOST_NAMED) {
    notes.push(
      `${replaced.size - MOST_NAMED} more objects occur more than once; if each folder is an environment, analyze each of them separately`,
    );
  }
  return { ...loaded, objects, notes: [...loaded.notes, ...notes] };
}

/** The identity of an object: group, kind, namespace and name. An object with a generated name has none. */
export function identityOf({ apiVersion, kind, metadata: { name, namespace = '' } }: KubernetesObject): string | undefined {
  const slash = apiVersion.indexOf('/');
  return (name as string | undefined) === undefined
    ? undefined
    : `${slash < 0 ? '' : apiVersion.slice(0, slash)} ${kind} ${namespace}/${name}`;
}

function placeOf(object: KubernetesObject): string {
  const provenance = provenanceOf(object);
  return provenance ? `${provenance.file}:${lineOf(object)}` : 'memory';
}
