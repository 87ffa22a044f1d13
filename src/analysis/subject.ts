import type { Kind, Manifest, ManifestOf } from '../manifest/manifest';

/** What a rule checks: the objects of a kind, those of every kind whose CRD is known, or those of kinds that no cluster knows. */
export type Subject = Kind | typeof ISTIO_OBJECT | typeof UNKNOWN_OBJECT;

export const ISTIO_OBJECT = 'Istio object';
export const UNKNOWN_OBJECT = 'object of an unknown kind';

export type SubjectOf<S extends Subject> = S extends Kind ? ManifestOf<S> : Manifest;

/** What the input must contain for a rule to run: objects of a kind, pods of any kind, MeshConfig. */
export type Need = Kind | 'Workload' | 'MeshConfig';
