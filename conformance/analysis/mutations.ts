/* eslint-disable @typescript-eslint/no-explicit-any */
import { ODD_VALUES } from './odd-values';

type Path = readonly (string | number)[];

/** A document with one change: something broken, removed, renamed or added. */
export interface Mutant {
  readonly id: string;
  readonly object: any;
}

/** Broken values for a string, a number, a boolean, a list and an object. */
const TEXTS = ['', ' ', '*', '*.example.com', '*foo.example.com', 'a_b', 'Upper', 'a.b', 'x/y', './x', '0s', '1ns', '1500us', '-5s', '5x', '5', 'a%', '(', 'http://a', '10.0.0.1',
  '10.0.0.0/33', 'host', ':path', '@request.auth.claims.x', '1', 'unix://x', 'a'.repeat(64), 'b'.repeat(1100), 'NONE', 'TCP', 'HTTP',
  'MUTUAL', 'PASSTHROUGH', 'SIMPLE', 'ISTIO_MUTUAL', 'mesh', '~', '.', 'a\nb', '5s\n'];
const NUMBERS = [-1, 0, 1, 4, 101, 199, 601, 65536, 70000, 1.5, 1100, 5_000_011, 3e9, 1e12];

/** The name of the field that a path leads to, or whose list or map holds it. */
function fieldOf(path: Path): string {
  return String([...path].reverse().find(step => typeof step === 'string'));
}

function replacements(value: any, field: string): any[] {
  const others = [null, 5, 'text', true, [], {}, [null]];
  switch (typeof value) {
    case 'string': return [...TEXTS, ...others, `${value}.`, `${value}x`, value.toUpperCase(), ...ODD_VALUES[field] ?? []];
    case 'number': return [...NUMBERS, String(value), ...others];
    case 'boolean': return [!value, String(value), ...others];
    default: return Array.isArray(value) ? [...others, [...value, ...value], [...value].reverse()] : others;
  }
}

function* places(value: any, path: Path = []): Generator<Path> {
  if (path.length > 0) yield path;
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) yield* places(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
}

function at(object: any, path: Path): any {
  return path.reduce((value, step) => value?.[step], object);
}

const shallow = (value: any): any => (Array.isArray(value) ? [...value] : { ...value });

/** A copy of the object with a change at a path. Everything outside of the path is shared with the original. */
function changed(object: any, path: Path, change: (parent: any, last: string | number) => void): any {
  const copy = shallow(object);
  const parent = path.slice(0, -1).reduce((above, step) => (above[step] = shallow(above[step])), copy);
  change(parent, path[path.length - 1]);
  return copy;
}

/** A path without list positions, so the same place is found in other documents. */
function general(path: Path): string {
  return path.map(step => (typeof step === 'number' ? '[]' : `.${step}`)).join('');
}

/** The fields that documents of a kind have at a place. */
function fieldsByPlace(objects: readonly any[]): Map<string, Map<string, any>> {
  const fields = new Map<string, Map<string, any>>();
  for (const object of objects) {
    for (const path of places(object)) {
      const last = path[path.length - 1];
      if (typeof last !== 'string') continue;
      const key = `${object.kind}${general(path.slice(0, -1))}`;
      fields.set(key, (fields.get(key) ?? new Map()).set(last, at(object, path)));
    }
  }
  return fields;
}

const VERSIONS = ['v1', 'v1beta1', 'v1alpha3', 'v1alpha1', 'v2'];

function* mutantsOf(object: any, fields: Map<string, Map<string, any>>): Generator<Mutant> {
  const name = `${object.kind} ${object.metadata.name}`;
  yield { id: name, object };
  const [group] = object.apiVersion.split('/');
  for (const version of VERSIONS) yield { id: `${name} as ${version}`, object: { ...object, apiVersion: `${group}/${version}` } };
  for (const path of places(object)) {
    // The identity stays: it belongs to the loader, not to Istio.
    if (
      ['apiVersion', 'kind'].includes(String(path[0]))
      || (path[0] === 'metadata' && !['labels', 'annotations'].includes(String(path[1])))
    ) {continue;}
    const place = `${name} ${general(path)}@${path.filter(step => typeof step === 'number').join('.')}`;
    const value = at(object, path);
    // Labels and annotations that are not strings never reach Istio.
    const isLabel = path[0] === 'metadata';
    if (isLabel && typeof value === 'object') continue;
    for (const [i, replacement] of (isLabel ? [
      ...TEXTS,
      ...ODD_VALUES[fieldOf(path)] ?? [],
    ] : replacements(value, fieldOf(path))).entries()) {
      yield {
        id: `${place} = #${i} ${JSON.stringify(replacement).slice(0, 40)}`,
        object: changed(object, path, (parent, last) => parent[last] = replacement),
      };
    }
    yield {
      id: `${place} removed`,
      object: changed(object, path, (parent, last) => (Array.isArray(parent) ? parent.splice(Number(last), 1) : delete parent[last])),
    };
    if (typeof path[path.length - 1] === 'string') {
      for (const renamed of [`${path[path.length - 1]}x`, String(path[path.length - 1]).replace(/[A-Z]/g, c => `_${c.toLowerCase()}`)]) {
        if (renamed === path[path.length - 1]) continue;
        yield {
          id: `${place} renamed ${renamed}`,
          object: changed(object, path, (parent, last) => { parent[renamed] = parent[last]; delete parent[last]; }),
        };
      }
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    for (const [field, other] of fields.get(`${object.kind}${general(path)}`) ?? []) {
      if (field in value) continue;
      yield {
        id: `${place} with ${field}`,
        object: changed(object, [...path, field], (parent, last) => parent[last] = structuredClone(other)),
      };
    }
  }
}

/** Every mutant of every document, in a fixed order. */
export function mutants(objects: readonly any[]): Mutant[] {
  const fields = fieldsByPlace(objects);
  return objects.flatMap(object => [...mutantsOf(object, fields)]);
}
