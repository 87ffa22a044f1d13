import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { SchemaVerdict } from '../schema/schema-check';
import { schemaVerdict } from '../schema/schema-check';
import type { TrafficIndex } from '../traffic-index';

/** What the CRD of an object of the input has against it; `hasSchema` must hold. */
export function schemaVerdictOf(object: KubernetesObject, index: TrafficIndex): SchemaVerdict {
  return index.memoOf(object, schemaVerdict);
}
