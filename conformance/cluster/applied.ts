import { isDeepStrictEqual } from 'node:util';
import type { ApiClient } from './api-client';
import { lostValues } from './lost-values';
import type { ManifestSet } from './manifest-sets';
import { differencesOf } from './read-back';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { describeObject } from '../../src/manifest/kubernetes-object';
import type { Json } from '../istiod/client';
import { UNFOUNDED } from '../verdicts';

/** Namespaces stay, because no controller of theirs runs. */
const NAMESPACE = 'Namespace';

/** What is wrong with a set after it was applied. */
export interface AppliedSet {
  /** The objects that the API server writes once more at the second apply, without a change of their content. */
  readonly completed: readonly string[];
  readonly refused: readonly string[];
  readonly unstable: readonly string[];
  readonly lost: readonly string[];
  readonly different: readonly string[];
}

/** Creates the namespaces that objects are in. */
export async function ensureNamespaces(api: ApiClient, objects: readonly KubernetesObject[]): Promise<void> {
  const names = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
  for (const name of names) await api.mustApply({ apiVersion: 'v1', kind: NAMESPACE, metadata: { name } });
}

/** Applies a set twice, reads it, and deletes it. */
export async function applySet(api: ApiClient, set: ManifestSet): Promise<AppliedSet> {
  const { name, objects } = set;
  await ensureNamespaces(api, objects);
  const [first, others] = [objects.filter(({ kind }) => kind === NAMESPACE), objects.filter(({ kind }) => kind !== NAMESPACE)];
  const isKept = new Map<KubernetesObject, Json>();
  const refused: string[] = [];
  const apply = async (object: KubernetesObject) => {
    const { status, body, warnings } = await api.apply(object);
    const about = `${name}: ${describeObject(object)}`;
    if (status >= 300) refused.push(`${about}: ${body.message ?? status}`);
    else isKept.set(object, body);
    refused.push(...warnings.filter(warning => !isUnfounded(warning, object)).map(warning => `${about}: warning: ${warning}`));
  };
  for (const group of [first, others]) await Promise.all(group.map(apply));
  try {
    const unstable: string[] = [];
    const completed: string[] = [];
    const lost: string[] = [];
    const read: Json[] = [];
    await Promise.all([...isKept].map(async ([object, before]) => {
      const again = await api.mustApply(object);
      const about = `${name}: ${describeObject(object)}`;
      if (!isDeepStrictEqual(contentOf(before), contentOf(again))) unstable.push(`${about} has other content after a second apply`);
      if (versionOf(again) !== versionOf(before)) {
        completed.push(about);
        if (versionOf(await api.mustApply(object)) !== versionOf(again)) unstable.push(`${about} changes at every apply`);
      }
      const kept = await api.read(object);
      lost.push(...lostValues(withoutCreation(object), kept).map(each => `${about}: ${each}`));
      read[objects.indexOf(object)] = kept;
    }));
    const different = refused.length > 0 ? [] : differencesOf(set, read).map(each => `${name}: ${each}`);
    return { refused, completed, unstable, lost, different };
  } finally {
    await Promise.all([...isKept.keys()].filter(({ kind }) => kind !== NAMESPACE).map(object => api.delete(object)));
  }
}

/** An object without the time of its creation, which the API server sets. Cases set it for the order of objects. */
function withoutCreation({ metadata: { creationTimestamp, ...metadata }, ...object }: Json): Json {
  return { ...object, metadata };
}

function versionOf(object: Json): string {
  return object.metadata.resourceVersion;
}

/** An object without what the API server notes about its writes. */
function contentOf({ metadata: { resourceVersion, managedFields, ...metadata }, ...object }: Json): Json {
  return { ...object, metadata };
}

function isUnfounded(warning: string, { kind, metadata }: KubernetesObject): boolean {
  return UNFOUNDED.some(({ text, of }) => warning.includes(text) && of === `${kind} ${metadata.name}`);
}
