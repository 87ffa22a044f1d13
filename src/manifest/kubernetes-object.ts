/** The metadata of an object. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly annotations?: { readonly [key: string]: string };
  readonly creationTimestamp?: string;
}

/** An object of any kind, as read. Only the shape of its metadata is checked. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** Identifies an object. */
export interface ResourceName {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A resource in messages, such as `VirtualService shop/catalog`. */
export function resourceText({ kind, namespace, name }: ResourceName): string {
  return `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** An object in messages. */
export function describeObject({ kind, metadata }: KubernetesObject): string {
  return resourceText({ kind, ...metadata });
}

/** Whether an object belongs to an API group, in any version. */
export function isOfGroup(object: KubernetesObject, group: string): boolean {
  const [first, version] = object.apiVersion.split('/');
  return (version === undefined ? '' : first) === group;
}

/**
 * The order in which Istio reads objects of a kind: by age, then name, then namespace. Objects without a creation time have the same age.
 */
export function byAge(a: KubernetesObject, b: KubernetesObject): number {
  return age(a) - age(b) || compareStrings(a.metadata.name, b.metadata.name)
    || compareStrings(a.metadata.namespace ?? '', b.metadata.namespace ?? '');
}

/** The order in which Istio reads objects of the Gateway API: by age, then namespace, then name. */
export function byAgeAndNamespace(a: KubernetesObject, b: KubernetesObject): number {
  return age(a) - age(b) || compareStrings(a.metadata.namespace ?? '', b.metadata.namespace ?? '')
    || compareStrings(a.metadata.name, b.metadata.name);
}

/**
 * The creation time of an object in milliseconds. All objects without one share the earliest time.
 */
export function age({ metadata: { creationTimestamp } }: { readonly metadata: Pick<ObjectMeta, 'creationTimestamp'> }): number {
  const time = creationTimestamp === undefined ? NaN : Date.parse(creationTimestamp);
  return Number.isNaN(time) ? APPLIED : time;
}

/** The creation time of all objects without one, as after one `kubectl apply`. */
const APPLIED = Date.UTC(2026, 0, 1);

/** Compares as Go does, by bytes. UTF-16 gives the same order for all characters that names may hold. */
function compareStrings(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
