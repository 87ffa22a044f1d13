import type { KubernetesObject } from './kubernetes-object';

/** The path of a field: names and list indices. */
export type FieldPath = readonly (string | number)[];

/** Where an object was read. */
export interface Provenance {
  readonly file: string;
  /** The position of its document in the file, from 0. */
  readonly document: number;
  /** The line of a field of the object, from 1. */
  readonly lineOf: (path: FieldPath) => number;
}

const provenances = new WeakMap<object, Provenance>();
export function recordProvenance(object: KubernetesObject, provenance: Provenance): void {
  provenances.set(object, provenance);
}

/** Where an object was read. Undefined for an object from memory. */
export function provenanceOf(object: KubernetesObject): Provenance | undefined {
  return provenances.get(object);
}

/** The line of a field, or of its nearest existing parent. Undefined for an object from memory. */
export function lineOf(object: KubernetesObject, path: FieldPath = []): number | undefined {
  return provenances.get(object)?.lineOf(path);
}

/** A path as a string: `spec.http[0].route`, or `metadata.labels["a.b/c"]`. */
export function pathText(path: FieldPath): string {
  return path.map((step, i) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[A-Za-z_][\w-]*$/.test(step) ? `${i === 0 ? '' : '.'}${step}` : `[${JSON.stringify(step)}]`;
  }).join('');
}

/** Reads what `pathText` writes. */
export function parsePath(text: string): FieldPath {
  return [...text.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(([, index, quoted, name]) => (
    index !== undefined ? Number(index) : quoted !== undefined ? JSON.parse(quoted) as string : name));
}
