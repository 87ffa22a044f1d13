import type { Kind, Manifest, ManifestOf } from '../manifest/manifest';

/** What a rule checks: the objects of a kind, or those of every kind whose CRD is known. */
export type Subject = Kind | typeof ISTIO_OBJECT;

export const ISTIO_OBJECT = 'Istio object';

export type SubjectOf<S extends Subject> = S extends Kind ? ManifestOf<S> : Manifest;

/** What the input must contain for a rule to run: objects of a kind, pods of any kind, MeshConfig. */
export type Need = Kind | 'Workload' | 'MeshConfig';
