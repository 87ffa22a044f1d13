import type { Edge } from '../edge/edge';
import type { MeshConfigFields } from '../envoy/mesh-config';
import type { Translator } from '../envoy/translator';
import type { KubernetesObject } from '../manifest/kubernetes-object';

/** A mesh as it is read from manifests. */
export interface MeshParts {
  /** The manifests, and what the cluster has besides them. */
  readonly objects: readonly KubernetesObject[];
  readonly meshConfig?: MeshConfigFields;
  readonly translator: Translator;
  readonly edge: Edge;
  /** The namespace of objects without one. */
  readonly defaultNamespace?: string;
}
