import type { LoadedManifests } from './collector';
import type { KubernetesObject } from './kubernetes-object';
import { describeObject } from './kubernetes-object';
import { lineOf, provenanceOf } from './provenance';

/** More objects than these are not named one by one. */
const MOST_NAMED = 3;

/** The objects as a cluster has them after `kubectl apply`: of those that name the same one, the last. Notes tell of the others. */
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
    `${describeObject(object)} stands in ${placeOf(object)} and in ${placeOf(last.get(identity)!)}; the last one counts, as with kubectl apply`));
  if (replaced.size > MOST_NAMED) {
    notes.push(`${replaced.size - MOST_NAMED} more objects stand more than once; where folders are environments of their own, judge each by itself`);
  }
  return { ...loaded, objects, notes: [...loaded.notes, ...notes] };
}

/** What makes two documents state one object: its group, kind, namespace and name. An object whose name the cluster makes has none. */
export function identityOf({ apiVersion, kind, metadata: { name, namespace = '' } }: KubernetesObject): string | undefined {
  const slash = apiVersion.indexOf('/');
  return (name as string | undefined) === undefined ? undefined : `${slash < 0 ? '' : apiVersion.slice(0, slash)} ${kind} ${namespace}/${name}`;
}

function placeOf(object: KubernetesObject): string {
  const provenance = provenanceOf(object);
  return provenance ? `${provenance.file}:${lineOf(object)}` : 'memory';
}
