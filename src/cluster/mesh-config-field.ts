import { MESSAGES } from './mesh-config-fields.generated';
import type { MeshConfigFields } from '../envoy/mesh-config';
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

/** The MeshConfig of a cluster as facts: with the names in JSON, and without the fields that are unknown, which istiod ignores. */
export function knownMeshConfig(stated: MeshConfigFields): { readonly meshConfig: MeshConfigFields; readonly unknown: readonly string[] } {
  const unknown: string[] = [];
  const known = (value: unknown, message: string, path: string): unknown => {
    if (message === '' || typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item, i) => known(item, message, `${path}[${i}]`));
    return Object.fromEntries(Object.entries(value).flatMap(([field, item]) => {
      const name = Object.hasOwn(MESSAGES[message], field) ? field : inJson(field);
      if (Object.hasOwn(MESSAGES[message], name)) return [[name, known(item, MESSAGES[message][name], `${path}.${field}`)]];
      unknown.push(`${path}.${field}`);
      return [];
    }));
  };
  return { meshConfig: known(stated, 'MeshConfig', 'meshConfig') as MeshConfigFields, unknown };
}

/** The name in JSON of a field that is named as in the API's .proto files, which istiod reads too. */
function inJson(field: string): string {
  return field.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}

function advice(field: string, known: readonly string[]): string {
  const name = inJson(field);
  if (known.includes(name)) return `because fields have their names in JSON here; write ${name}`;
  const close = nearest(field, known);
  const repair = close !== undefined ? `did you mean ${close}?` : known.length > 0 ? `use one of ${known.join(', ')}` : 'remove it';
  return `which istiod ignores; ${repair}`;
}
