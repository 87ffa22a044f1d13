import { KINDS, NODES } from './crd-schemas.generated';
import { CrdShapes } from './crd-shapes';
import { KINDS as GATEWAY_API_KINDS, NODES as GATEWAY_API_NODES } from './gateway-api-schemas.generated';
import type { GatewayApiSpecs } from './gateway-api-specs.generated';
import type { IstioSpecs } from './istio-specs.generated';
import { KUBERNETES_KINDS, METADATA } from './kubernetes-kinds';
import type { KubernetesObject, ObjectMeta } from './kubernetes-object';
import { provenanceOf, recordProvenance } from './provenance';
import type { RefusedField } from './refused-manifests';
import { RefusedManifests } from './refused-manifests';
import type { FieldShapes, OnRefused, ShapeFor, ValueOf } from './shape';
import { readValue } from './shape';

declare const READ: unique symbol;

/**
 * An object of any kind, checked by `readManifests`: each field of its kind's schema is absent or has the right type, and is not null.
 */
export interface Manifest extends KubernetesObject {
  readonly metadata: ObjectMeta;
  readonly [READ]: true;
}

type KubernetesKinds = { readonly [K in keyof typeof KUBERNETES_KINDS]: ValueOf<(typeof KUBERNETES_KINDS)[K]['fields']> };
type IstioKinds = { readonly [K in keyof IstioSpecs]: { readonly spec?: IstioSpecs[K] } };
type GatewayApiKinds = {
  readonly [K in keyof GatewayApiSpecs as K extends 'Gateway' ? typeof KUBERNETES_GATEWAY : K]: { readonly spec?: GatewayApiSpecs[K] }
};

/** The Gateway of the Gateway API, as Istio names it next to its own Gateway. */
const KUBERNETES_GATEWAY = 'KubernetesGateway';

/** A kind whose fields are known. */
export type Kind = keyof KubernetesKinds | keyof IstioKinds | keyof GatewayApiKinds;
type NameOf<K extends Kind> = K extends typeof KUBERNETES_GATEWAY ? 'Gateway' : K;

/** A manifest of one kind, with its fields. */
export type ManifestOf<K extends Kind> = Manifest & { readonly kind: NameOf<K> } & (KubernetesKinds & IstioKinds & GatewayApiKinds)[K];

/** The result of reading one object. */
interface Reading {
  /** Undefined if the object has no metadata. */
  readonly manifest: Manifest | undefined;
  readonly refused: readonly RefusedField[];
}

const readings = new WeakMap<KubernetesObject, Reading>();
const sources = new WeakMap<Manifest, KubernetesObject>();

/** The manifests of objects, and the fields that Kubernetes would reject and that are omitted. */
export interface ReadManifests {
  readonly manifests: readonly Manifest[];
  readonly refused: readonly RefusedField[];
}

/**
 * Reads objects by the schemas of their kinds. A valid object is its own manifest. Otherwise the manifest is a copy without the rejected
 * fields, which keeps the provenance.
 */
export function readManifests(objects: readonly KubernetesObject[]): ReadManifests {
  const all = objects.map(readingOf);
  return { manifests: all.flatMap(({ manifest }) => manifest ?? []), refused: all.flatMap(({ refused }) => refused) };
}

/** The manifests of objects. Throws with all fields that Kubernetes would reject. */
export function acceptedManifests(objects: readonly KubernetesObject[]): readonly Manifest[] {
  const { manifests, refused } = readManifests(objects);
  if (refused.length > 0) throw new RefusedManifests(refused);
  return manifests;
}

/** The object of a manifest. */
export function sourceOf(manifest: Manifest): KubernetesObject {
  return sources.get(manifest) ?? manifest;
}

/** What objects of a kind write as their `kind`. */
export function nameOfKind(kind: Kind): string {
  return kind === KUBERNETES_GATEWAY ? 'Gateway' : kind;
}

/** Whether a manifest has a kind and its API group. A kind of a CRD must be in a version that is served: no cluster has another. */
export function isOfKind<K extends Kind>(manifest: Manifest, kind: K): manifest is ManifestOf<K> {
  const name = nameOfKind(kind);
  if (manifest.kind !== name) return false;
  const group = groupOf(manifest);
  const crd = (kind === name && KINDS[kind] || GATEWAY_API_KINDS[name]) as (typeof KINDS)[string] | undefined;
  if (crd) return group === crd.group && crd.versions.includes(manifest.apiVersion.slice(group.length + 1));
  return group === KUBERNETES_KINDS[kind as keyof KubernetesKinds].group;
}

/** The manifests of a kind. */
export function manifestsOf<K extends Kind>(manifests: readonly Manifest[], kind: K): ManifestOf<K>[] {
  return manifests.filter(manifest => isOfKind(manifest, kind)) as ManifestOf<K>[];
}

function readingOf(object: KubernetesObject): Reading {
  let reading = readings.get(object);
  if (!reading) readings.set(object, reading = read(object));
  return reading;
}

function read(object: KubernetesObject): Reading {
  const refused: RefusedField[] = [];
  const onRefused = (path: string, must: string, value: unknown) => {
    const cause = value === undefined ? 'is required' : `is ${written(value)}, but must be ${must}`;
    const [wanted, how = `write ${wanted}`] = must.split('; ');
    refused.push({ object, path, cause, repair: value === undefined ? 'add it' : how });
  };
  const found = readValue(shapeOfObject(object), object, onRefused) as Partial<KubernetesObject> | undefined;
  const manifest = found && withName(found, onRefused) as Manifest | undefined;
  if (manifest && manifest !== object) {
    sources.set(manifest, object);
    const provenance = provenanceOf(object);
    if (provenance) recordProvenance(manifest, provenance);
  }
  return { manifest, refused };
}

/** The API server completes `generateName` with an unknown suffix. */
function withName(object: Partial<KubernetesObject>, onRefused: OnRefused): Partial<KubernetesObject> | undefined {
  const metadata: Partial<ObjectMeta> | undefined = object.metadata;
  if (metadata === undefined || metadata.name !== undefined) return metadata && object;
  if (metadata.generateName === undefined) onRefused('metadata.name', 'set', undefined);
  return { ...object, metadata: { ...metadata, name: `${metadata.generateName ?? ''}*` } };
}

function groupOf({ apiVersion }: KubernetesObject): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

const ANY_KIND: FieldShapes = { '!': ['metadata'], 'apiVersion': 'string', 'kind': 'string', 'metadata': METADATA };

const shapes = new Map<string, FieldShapes>();

function shapeOfObject(object: KubernetesObject): FieldShapes {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return ANY_KIND;
  const group = groupOf(object);
  const key = `${group}/${kind}`;
  let shape = shapes.get(key);
  if (shape === undefined) {
    const fields = fieldsOf(group, kind);
    shape = fields === undefined ? ANY_KIND : { ...ANY_KIND, ...fields };
    if (fields !== undefined) shapes.set(key, shape);
  }
  return shape;
}

function fieldsOf(group: string, kind: string): FieldShapes | undefined {
  const known = Object.hasOwn(KUBERNETES_KINDS, kind) ? KUBERNETES_KINDS[kind as keyof KubernetesKinds] : undefined;
  if (known !== undefined) return known.group === group ? known.fields : undefined;
  if (Object.hasOwn(KINDS, kind) && KINDS[kind].group === group) return { spec: istioShapes.at(NODES[KINDS[kind].node].properties!.spec) };
  if (!Object.hasOwn(GATEWAY_API_KINDS, kind) || GATEWAY_API_KINDS[kind].group !== group) return undefined;
  return { spec: gatewayApiShapes.at(GATEWAY_API_NODES[GATEWAY_API_KINDS[kind].node].properties!.spec) };
}

const istioShapes = new CrdShapes(NODES);
const gatewayApiShapes = new CrdShapes(GATEWAY_API_NODES);

/** The shape of a message in a kind's `spec`, by the path to it. `[]` means the items of a list. `T` is its type. */
export function shapeOfMessage<T>(kind: keyof IstioSpecs, ...path: readonly string[]): ShapeFor<T> {
  let node = NODES[NODES[KINDS[kind].node].properties!.spec];
  let position = KINDS[kind].node;
  for (const step of path) {
    const next = step === '[]' ? node.items : node.properties?.[step];
    if (next === undefined) throw new Error(`the CRD of ${kind} has no field spec.${path.join('.')}; change the code that reads it`);
    position = next;
    node = NODES[position];
  }
  return istioShapes.at(position) as ShapeFor<T>;
}

/** A value in a message. Lists and objects are not written out, because YAML aliases can make small documents endless. */
export function written(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
