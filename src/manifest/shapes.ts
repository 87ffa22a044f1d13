import { KINDS, NODES } from './crd-schemas.generated';
import type { KubernetesObject } from './kubernetes-object';
import type { RefusedField } from './refused-manifests';
import { RefusedManifests } from './refused-manifests';
import type { SchemaNode } from './schema-node';

/**
 * What a value has to be. `s`: a string, `i`: a whole number, `n`: a number, `b`: true or false, `v`: a whole number or a string, `*`: anything,
 * `=A|B`: one of these names, `[shape]`: a list, `{field: shape}`: an object, of which other fields are free and those under `!` have to be there,
 * `{*: shape}`: a map.
 */
type Shape = string | readonly [Shape] | Fields;

interface Fields { readonly [field: string]: Shape | readonly string[] }

/** What was found so far. */
interface Findings {
  readonly problem: (place: string, what: string, value: unknown) => void;
  /** Lists and objects that were looked at, and what came of them: YAML's aliases put one in many places. */
  readonly seen: Map<unknown, { readonly shape: Shape; readonly clean: unknown }>;
}

const SCALARS: { readonly [letter: string]: readonly [(value: unknown) => boolean, string] } = {
  s: [value => typeof value === 'string', 'a string; put it in quotes'],
  i: [value => Number.isInteger(value), 'a whole number'],
  n: [value => typeof value === 'number', 'a number'],
  b: [value => typeof value === 'boolean', 'true or false'],
  v: [value => typeof value === 'string' || Number.isInteger(value), 'a whole number or a string'],
};

const LETTERS = { string: 's', integer: 'i', number: 'n', boolean: 'b' } as const;

const LABELS: Shape = { '*': 's' };
const PORTS: Shape = [{ '!': ['port'], 'name': 's', 'port': 'i', 'targetPort': 'v', 'protocol': 's', 'appProtocol': 's' }];
const CONTAINERS: Shape = [{ ports: [{ name: 's', containerPort: 'i' }] }];
const POD: Shape = { containers: CONTAINERS, initContainers: CONTAINERS, serviceAccountName: 's' };
const WORKLOAD: Shape = { replicas: 'i', template: { metadata: { labels: LABELS }, spec: POD } };
const METADATA: Shape = { '!': ['name'], 'name': 's', 'namespace': 's', 'labels': LABELS, 'annotations': LABELS };

/** The fields of Kubernetes' own kinds that decide about traffic. */
const KUBERNETES: { readonly [kind: string]: Shape } = {
  '/Service': { type: 's', clusterIP: 's', clusterIPs: ['s'], externalName: 's', selector: LABELS, ports: PORTS, trafficDistribution: 's' },
  '/Pod': POD,
  '/ReplicationController': WORKLOAD,
  'apps/Deployment': WORKLOAD,
  'apps/StatefulSet': WORKLOAD,
  'apps/ReplicaSet': WORKLOAD,
  'apps/DaemonSet': WORKLOAD,
};

/** The shapes of parts of CRDs, by the position of the part. */
const shapes = new Map<number, Shape>();

/** The shape of a part of a CRD, and of all that it names. */
function shapeOf(position: number): Shape {
  let shape = shapes.get(position);
  if (shape === undefined) shapes.set(position, shape = read(NODES[position]));
  return shape;
}

function read({ intOrString, enum: names, type, items, properties, values, required }: SchemaNode): Shape {
  if (intOrString) return 'v';
  if (names) return `=${names.join('|')}`;
  if (type === 'array') return [items === undefined ? '*' : shapeOf(items)];
  if (type !== 'object') return type === undefined ? '*' : LETTERS[type];
  if (properties) return { ...(required && { '!': required }), ...Object.fromEntries(Object.entries(properties).map(([name, part]) => [name, shapeOf(part)])) };
  return values === undefined ? '*' : { '*': shapeOf(values) };
}

/** The shape of the `spec` of a kind; undefined where none is known. */
function specShape(group: string, kind: string): Shape | undefined {
  const known = KUBERNETES[`${group}/${kind}`];
  if (known !== undefined || KINDS[kind]?.group !== group) return known;
  return shapeOf(NODES[KINDS[kind].node].properties!.spec);
}

/**
 * Objects without fields that are null, which Kubernetes takes for absent. What Kubernetes would refuse throws, with all that is wrong:
 * values of another type than their field has.
 */
export function wellShaped(objects: readonly KubernetesObject[]): KubernetesObject[] {
  const refused: RefusedField[] = [];
  const seen: Findings['seen'] = new Map();
  const shaped = objects.map(object => {
    const [group, version] = String(object.apiVersion).split('/');
    const spec = specShape(version === undefined ? '' : group, object.kind);
    const shape: Shape = { '!': ['metadata'], 'metadata': spec ? METADATA : {}, ...(spec ? { spec } : {}) };
    const problem = (path: string, what: string, value: unknown) =>
      refused.push({ object, path, cause: `is ${text(value)}, but has to be ${what}` });
    return checked(shape, object, '', { problem, seen }) as KubernetesObject;
  });
  if (refused.length > 0) throw new RefusedManifests(refused);
  return shaped;
}

/** A value in a message: YAML's aliases can make small documents endless, so that lists and objects are not written out. */
function text(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const written = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return written.length > 60 ? `${written.slice(0, 57)}...` : written;
}

/** The value itself where nothing in it is null, else a copy without that. */
function checked(shape: Shape, value: unknown, place: string, findings: Findings): unknown {
  if (typeof shape === 'string') {
    if (!fits(shape, value)) findings.problem(place, shape.startsWith('=') ? `one of ${shape.slice(1).split('|').join(', ')}` : SCALARS[shape][1], value);
    return value;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(shape)) {
    findings.problem(place, Array.isArray(shape) ? 'a list' : 'an object', value);
    return value;
  }
  const known = findings.seen.get(value);
  if (known?.shape === shape) return known.clean;
  findings.seen.set(value, { shape, clean: value });
  const clean = Array.isArray(value) ? checkedList((shape as readonly [Shape])[0], value, place, findings)
    : checkedFields(shape as Fields, value as { readonly [field: string]: unknown }, place, findings);
  if (clean !== value) findings.seen.set(value, { shape, clean });
  return clean;
}

function fits(shape: string, value: unknown): boolean {
  if (shape === '*') return true;
  return shape.startsWith('=') ? typeof value === 'string' && shape.slice(1).split('|').includes(value) : SCALARS[shape][0](value);
}

function checkedList(shape: Shape, value: readonly unknown[], place: string, findings: Findings): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (const [i, item] of value.entries()) {
    const clean = checked(shape, item, `${place}[${i}]`, findings);
    if (clean !== item) (copy ??= [...value])[i] = clean;
  }
  return copy ?? value;
}

function checkedFields(
  shape: Fields, value: { readonly [field: string]: unknown }, place: string, findings: Findings,
): { readonly [field: string]: unknown } {
  const ofAll = Object.hasOwn(shape, '*') ? shape['*'] as Shape : '*';
  for (const field of (shape['!'] ?? []) as readonly string[]) {
    if (value[field] === undefined || value[field] === null) findings.problem(at(place, field), 'stated', undefined);
  }
  let copy: { [field: string]: unknown } | undefined;
  for (const field of Object.keys(value)) {
    const item = value[field];
    if (item === null) {
      delete (copy ??= { ...value })[field];
      continue;
    }
    const clean = checked(field !== '!' && Object.hasOwn(shape, field) ? shape[field] as Shape : ofAll, item, at(place, field), findings);
    if (clean !== item) (copy ??= { ...value })[field] = clean;
  }
  return copy ?? value;
}

function at(place: string, field: string): string {
  if (/[.[\]]/.test(field)) return `${place}[${JSON.stringify(field)}]`;
  return place === '' ? field : `${place}.${field}`;
}
