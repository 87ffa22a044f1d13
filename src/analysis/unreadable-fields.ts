import { schemaVerdictOf } from './facts/schema-verdict';
import { hasSchema } from './schema/schema-check';
import type { TrafficIndex } from './traffic-index';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { FieldPath } from '../manifest/provenance';
import { parsePath } from '../manifest/provenance';

/** The length of the path `spec`: what is reported of an object as a whole holds whatever one of its fields is. */
const WHOLE = 1;

/**
 * Whether a field of an Istio object is in, on or around a value of the wrong type, around a missing one, or directly around an unknown
 * value of an enum. The API server refuses the object for it, which is a finding; others about that field would repeat what its author
 * never meant.
 */
export function isUnreadable(object: KubernetesObject, text: string, index: TrafficIndex): boolean {
  if (!hasSchema(object.apiVersion, object.kind)) return false;
  const { problems } = schemaVerdictOf(object, index);
  if (problems.length === 0) return false;
  const field = parsePath(text);
  return problems.some(({ path, mistyped, unknownValue, missing }) => {
    // No finding can name an object without a readable name.
    const at = path[path.length - 1] === 'name' ? path.slice(0, -1) : path;
    if (unknownValue) return isWithin(path, field) && field.length >= path.length - 1;
    const counts = mistyped || (missing && at.length > WHOLE);
    return counts && (isWithin(field, at) || (field.length > WHOLE && isWithin(at, field)));
  });
}

function isWithin(inner: FieldPath, outer: FieldPath): boolean {
  return outer.every((step, i) => inner[i] === step);
}
