import { statedAnnotations } from './plain-object';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { describeObject } from '../manifest/kubernetes-object';
import { sourceOf } from '../manifest/manifest';
import type { Manifest } from '../manifest/manifest';
import { stableJson } from '../manifest/stable-json';

interface Spec {
  readonly exportTo?: readonly string[];
  readonly http?: readonly { readonly name?: string }[];
}

/** What of the names of objects is lost: an object, a label, an annotation, the name of a route. Undefined if all are kept. */
export function lostIdentity(before: readonly Manifest[], after: readonly KubernetesObject[]): string | undefined {
  const written = new Map(after.map(object => [describeObject(object), object]));
  for (const manifest of before) {
    const text = describeObject(manifest);
    const now = written.get(text);
    if (!now) return `the ${text} would be missing`;
    written.delete(text);
    const [was, is] = [sourceOf(manifest), now];
    if (!isSame(was.metadata.labels ?? {}, is.metadata.labels ?? {})) return `the ${text} would have other labels`;
    if (!isSame(statedAnnotations(was), statedAnnotations(is))) return `the ${text} would have other annotations`;
    const [old, spec] = [(was.spec ?? {}) as Spec, (is.spec ?? {}) as Spec];
    const isExported = isForAll(old.exportTo) ? isForAll(spec.exportTo) : isSame(old.exportTo, spec.exportTo ?? []);
    if (!isExported) return `the ${text} would have another exportTo`;
    const names = new Set(spec.http?.map(({ name }) => name));
    const gone = old.http?.find(({ name }) => name !== undefined && !names.has(name));
    if (gone) return `the name '${gone.name}' of a route of the ${text} would be lost`;
  }
  const [added] = written.keys();
  return added === undefined ? undefined : `a ${added} would be added`;
}

/** Whether `exportTo` is the default. Another default of MeshConfig shows in the proof. */
export function isForAll(exportTo: readonly string[] | undefined): boolean {
  return exportTo === undefined || exportTo.length === 0 || exportTo.includes('*');
}

function isSame(a: unknown, b: unknown): boolean {
  return stableJson(a) === stableJson(b);
}
