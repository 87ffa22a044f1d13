import { KINDS, NODES } from './gateway-api-schemas.generated';
import { isOfGroup } from './kubernetes-object';
import type { Manifest } from './manifest';
import { provenanceOf, recordProvenance } from './provenance';

/** Whether a part or what it contains has a default, by its position. */
const defaulted = new Map<number, boolean>();

/** A manifest as Kubernetes stores it: absent fields of an object of the Gateway API have the defaults of its CRD. */
export function withDefaults(manifest: Manifest): Manifest {
  const crd = Object.hasOwn(KINDS, manifest.kind) ? KINDS[manifest.kind] : undefined;
  if (!crd || !isOfGroup(manifest, crd.group)) return manifest;
  const spec = complete(NODES[crd.node].properties!.spec, manifest.spec);
  if (spec === manifest.spec) return manifest;
  const stored = { ...manifest, spec };
  const provenance = provenanceOf(manifest);
  if (provenance) recordProvenance(stored, provenance);
  return stored;
}

/** The value itself if it lacks nothing. */
function complete(position: number, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !hasDefaults(position)) return value;
  const { items, values, properties } = NODES[position];
  if (Array.isArray(value)) return items === undefined ? value : changed(value, item => complete(items, item));
  const stated = value as { readonly [field: string]: unknown };
  let copy: { [field: string]: unknown } | undefined;
  for (const [field, part] of properties ? Object.entries(properties) : Object.keys(stated).map(key => [key, values!] as const)) {
    const before = stated[field] ?? undefined;
    const after = complete(part, before ?? NODES[part].default);
    if (after !== before) (copy ??= { ...stated })[field] = after;
  }
  return copy ?? value;
}

function changed(list: readonly unknown[], change: (item: unknown) => unknown): readonly unknown[] {
  const items = list.map(change);
  return items.some((item, i) => item !== list[i]) ? items : list;
}

function hasDefaults(position: number): boolean {
  let has = defaulted.get(position);
  if (has === undefined) {
    const { items, values, properties = {} } = NODES[position];
    const parts = [...Object.values(properties), ...items === undefined ? [] : [items], ...values === undefined ? [] : [values]];
    defaulted.set(position, has = parts.some(part => NODES[part].default !== undefined || hasDefaults(part)));
  }
  return has;
}
