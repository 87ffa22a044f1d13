/** The metadata of an object. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly creationTimestamp?: string;
}

/** An object as it was read, of any kind: nothing but the shape of its metadata is relied on. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** What names an object. */
export interface ResourceName {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A resource in messages, such as `VirtualService shop/catalog`. */
export function resourceText({ kind, namespace, name }: ResourceName): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** An object in messages, as a resource. */
export function describeObject({ kind, metadata }: KubernetesObject): string {
  return resourceText({ kind, ...metadata });
}

/** Whether an object belongs to an API group, in whatever version. */
export function isOfGroup(object: KubernetesObject, group: string): boolean {
  const [first, version] = object.apiVersion.split('/');
  return (version === undefined ? '' : first) === group;
}

/**
 * The order in which Istio considers objects of a kind: by age, then name, then namespace. Those without a creation time count as
 * made together.
 */
export function byAge(a: KubernetesObject, b: KubernetesObject): number {
  return age(a) - age(b) || compareStrings(a.metadata.name, b.metadata.name)
    || compareStrings(a.metadata.namespace ?? '', b.metadata.namespace ?? '');
}

/**
 * When an object was made, in milliseconds; one that does not say it was made with all the others that do not, before any that came later.
 */
function age({ metadata: { creationTimestamp } }: KubernetesObject): number {
  const time = creationTimestamp === undefined ? NaN : Date.parse(creationTimestamp);
  return Number.isNaN(time) ? APPLIED : time;
}

/** The one creation time of all objects that state none, as after one `kubectl apply`. */
const APPLIED = Date.UTC(2026, 0, 1);

/** Compares as Go does, by bytes; UTF-16 differs from it only beyond what names may hold. */
function compareStrings(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
