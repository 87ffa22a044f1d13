import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Manifest } from '../manifest/manifest';
import { readManifests, sourceOf } from '../manifest/manifest';
import { isNamespaced } from '../manifest/namespaced';

/** An object on which the analysis failed, and why. */
export interface Failure {
  readonly object: KubernetesObject;
  readonly error: unknown;
}

/** The objects of an environment as rules see them: each field is absent or has its type, and each namespace is written out. */
export interface Input {
  /** The manifests, in the order of the objects. */
  readonly manifests: readonly Manifest[];
  /** Objects without metadata, which no rule sees. */
  readonly unreadable: readonly KubernetesObject[];
  /** Objects that could not be read. */
  readonly failures: readonly Failure[];
  /** Those of the manifests that are facts of the cluster: they are looked up, and not judged. */
  readonly facts: ReadonlySet<Manifest>;
  /** The object that a manifest is read from. */
  sourceOf(manifest: Manifest): KubernetesObject;
}

/** Reads the objects of an environment, and the facts of its cluster. `defaultNamespace` is that of objects that name none. */
export function readInput(objects: readonly KubernetesObject[], defaultNamespace: string, stated: readonly KubernetesObject[] = []): Input {
  const manifests: Manifest[] = [];
  const unreadable: KubernetesObject[] = [];
  const failures: Failure[] = [];
  const sources = new Map<Manifest, KubernetesObject>();
  const facts = new Set<Manifest>();
  const isFact = new Set(stated);
  for (const object of stated.length === 0 ? objects : [...objects, ...stated]) {
    try {
      const [manifest] = readManifests([object]).manifests;
      if (!manifest) {
        unreadable.push(object);
        continue;
      }
      const placed = inNamespace(manifest, defaultNamespace);
      if (placed !== object) sources.set(placed, object);
      if (isFact.has(object)) facts.add(placed);
      manifests.push(placed);
    } catch (error) {
      failures.push({ object, error });
    }
  }
  return { manifests, unreadable, failures, facts, sourceOf: manifest => sources.get(manifest) ?? sourceOf(manifest) };
}

function inNamespace(manifest: Manifest, namespace: string): Manifest {
  if (manifest.metadata.namespace !== undefined || !isNamespaced(manifest)) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}
