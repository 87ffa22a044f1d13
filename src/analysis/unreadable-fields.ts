import { hasSchema, schemaVerdict } from './schema/schema-check';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { FieldPath } from '../manifest/provenance';
import { parsePath } from '../manifest/provenance';

/** `spec` alone: what is said of an object as a whole holds whatever one field of it is. */
const WHOLE = 1;

/**
 * Whether a field of an Istio object lies in, on or around a value of the wrong type, or around one that is missing. The API server refuses the
 * object for it, which is a finding, so that others on that field would only repeat what its author never meant.
 */
export function isUnreadable(object: KubernetesObject, text: string): boolean {
  if (!hasSchema(object.apiVersion, object.kind)) return false;
  const field = parsePath(text);
  return schemaVerdict(object).problems.some(({ path, mistyped, missing }) => {
    // Whatever has no readable name cannot be told of.
    const at = path[path.length - 1] === 'name' ? path.slice(0, -1) : path;
    const counts = mistyped || (missing && at.length > WHOLE);
    return counts && (isWithin(field, at) || (field.length > WHOLE && isWithin(at, field)));
  });
}

function isWithin(inner: FieldPath, outer: FieldPath): boolean {
  return outer.every((step, i) => inner[i] === step);
}
