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
  /** The object that a manifest is read from. */
  sourceOf(manifest: Manifest): KubernetesObject;
}

/** Reads the objects of an environment. `defaultNamespace` is that of objects that name none. */
export function readInput(objects: readonly KubernetesObject[], defaultNamespace: string): Input {
  const manifests: Manifest[] = [];
  const unreadable: KubernetesObject[] = [];
  const failures: Failure[] = [];
  const sources = new Map<Manifest, KubernetesObject>();
  for (const object of objects) {
    try {
      const [manifest] = readManifests([object]).manifests;
      if (!manifest) {
        unreadable.push(object);
        continue;
      }
      const placed = inNamespace(manifest, defaultNamespace);
      if (placed !== object) sources.set(placed, object);
      manifests.push(placed);
    } catch (error) {
      failures.push({ object, error });
    }
  }
  return { manifests, unreadable, failures, sourceOf: manifest => sources.get(manifest) ?? sourceOf(manifest) };
}

function inNamespace(manifest: Manifest, namespace: string): Manifest {
  if (manifest.metadata.namespace !== undefined || !isNamespaced(manifest)) return manifest;
  return { ...manifest, metadata: { ...manifest.metadata, namespace } };
}
