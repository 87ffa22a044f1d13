import { ApiObject } from 'cdk8s';
import { AppState } from './app-state';
import { inOrder } from '../model/in-order';

/** An object that keeps what it renders ahead, for the synth. */
interface Foreseeing {
  renderAhead?(): object;
}

/** What cdk8s keeps of an object that a program makes. It is private there, so that each part may be missing one day. */
interface Kept {
  readonly props?: object;
  readonly patches?: readonly unknown[];
}

/**
 * Renders an object for somebody who only reads it, before the synth renders it again. It comes to what `toJson()` says, in less time where nothing
 * in it has to be resolved; but for the order of its fields.
 */
export function renderAhead(object: ApiObject): object {
  return (object as Foreseeing).renderAhead?.() ?? plainObject(object) ?? object.toJson();
}

/** An ApiObject of no other class, as it was given; undefined where cdk8s has something to resolve. */
function plainObject(object: ApiObject): object | undefined {
  if (Object.getPrototypeOf(object) !== ApiObject.prototype || Object.hasOwn(object, 'toJson')) return undefined;
  const { props, patches } = object as unknown as Kept;
  if (!props || patches?.length !== 0 || !AppState.of(object).resolvesPlainly(object)) return undefined;
  const metadata = plainMetadata(object);
  if (!metadata) return undefined;
  const rendered = plain({ ...props, metadata: undefined });
  return rendered === UNCLEAR ? undefined : { ...rendered as object, metadata };
}

/** What cdk8s keeps of an object's metadata, private likewise. */
interface KeptMetadata {
  readonly labels?: object;
  readonly annotations?: object;
  readonly finalizers?: object;
  readonly ownerReferences?: object;
  readonly _additionalAttributes?: object;
}

/** How many parts of it we know: the five above, the name, the namespace and the object. */
const KEPT = 8;

/** What cdk8s keeps as additional although it is not. */
const GIVEN = new Set(['name', 'namespace', 'labels', 'annotations']);

/** An object's metadata where they are a name, a namespace, labels and annotations; undefined where there is more to them. */
export function plainMetadata({ metadata }: ApiObject): object | undefined {
  const { labels, annotations, finalizers, ownerReferences, _additionalAttributes } = metadata as unknown as KeptMetadata;
  const isBare = Object.keys(metadata).length === KEPT && isEmpty(finalizers) && isEmpty(ownerReferences) && hasOnly(_additionalAttributes, GIVEN);
  const { name, namespace } = metadata;
  if (!isBare || !hasTexts(labels) || !hasTexts(annotations) || !hasTexts({ name, ...namespace !== undefined && { namespace } })) return undefined;
  const rendered: { [field: string]: unknown } = {};
  if (!isEmpty(annotations)) rendered.annotations = plain(annotations);
  if (!isEmpty(labels)) rendered.labels = plain(labels);
  rendered.name = name;
  if (namespace !== undefined) rendered.namespace = namespace;
  return rendered;
}

function hasOnly(map: object | undefined, known: ReadonlySet<string>): boolean {
  return map !== undefined && Object.keys(map).every(key => known.has(key));
}

function hasTexts(map: object | undefined): boolean {
  return map !== undefined && Object.values(map).every(value => typeof value === 'string');
}

function isEmpty(map: object | undefined): boolean {
  return map !== undefined && Object.keys(map).length === 0;
}

export const UNCLEAR = Symbol('something that cdk8s has to resolve');

/** A value as cdk8s would leave it: keys in order, nothing undefined. */
export function plain(value: unknown): unknown {
  if (typeof value === 'function') return UNCLEAR;
  if (typeof value !== 'object' || value === null) return value;
  return Array.isArray(value) ? plainItems(value) : plainFields(value);
}

function plainItems(value: readonly unknown[]): unknown {
  const items: unknown[] = new Array(value.length);
  for (let i = 0; i < value.length; i++) {
    if (value[i] === undefined || value[i] === null) return UNCLEAR;
    if ((items[i] = plain(value[i])) === UNCLEAR) return UNCLEAR;
  }
  return items;
}

function plainFields(value: object): unknown {
  // By prototype: a header may be named `constructor`.
  if (Object.getPrototypeOf(value) !== Object.prototype) return UNCLEAR;
  const keys = inOrder(Object.keys(value));
  const result: { [key: string]: unknown } = {};
  for (let i = 0; i < keys.length; i++) {
    const child = plain((value as { [key: string]: unknown })[keys[i]]);
    if (child === UNCLEAR) return UNCLEAR;
    if (child !== undefined && child !== null) result[keys[i]] = child;
  }
  return result;
}
