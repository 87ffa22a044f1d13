import { MESSAGES } from './mesh-config-fields.generated';
import type { ValueProblem } from '../manifest/value-problem';
import { nearest } from '../traffic/nearest';

/** The first field that MeshConfig does not have. istiod would ignore it, and an answer would leave out what it was meant to say. */
export function unknownMeshConfigField(
  value: unknown, message = 'MeshConfig', path: ValueProblem['path'] = ['meshConfig'],
): ValueProblem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = MESSAGES[message];
  for (const [field, item] of Object.entries(value)) {
    const at = [...path, Array.isArray(value) ? Number(field) : field];
    const within = Array.isArray(value) ? message : Object.hasOwn(fields, field) ? fields[field] : undefined;
    if (within === undefined) return { path: at, message: `is an unknown field, ${advice(field, Object.keys(fields))}` };
    const problem = within === '' ? undefined : unknownMeshConfigField(item, within, at);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function advice(field: string, known: readonly string[]): string {
  // istiod also reads the names of the API's .proto files.
  const inJson = field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  if (known.includes(inJson)) return `because fields have their names in JSON here; write ${inJson}`;
  const close = nearest(field, known);
  const repair = close !== undefined ? `did you mean ${close}?` : known.length > 0 ? `use one of ${known.join(', ')}` : 'remove it';
  return `which istiod ignores; ${repair}`;
}
