import type { Any, ConfigSource, Metadata } from './xds/core';

/** A message without what proto JSON leaves out: unset fields and empty lists. A copy, because V8 is slow with objects that lose fields. */
export function message<T extends object>(fields: T): T {
  const kept: Partial<T> = {};
  for (const field in fields) if (isSet(fields[field])) kept[field] = fields[field];
  return kept as T;
}

function isSet(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

type TypeOf<M extends Any> = M extends Any<infer Type> ? Type : never;

/** A message of an extension with its `@type`. */
export function typed<M extends Any>(type: TypeOf<M>, fields: Omit<M, '@type'>): M {
  return message({ '@type': `type.googleapis.com/${type}`, ...fields } as unknown as M);
}

/** The config source of resources that istiod sends. */
export const ADS: ConfigSource = { ads: {}, initialFetchTimeout: '0s', resourceApiVersion: 'V3' };

/** The metadata that names the Istio object behind a resource. */
export function configMetadata(apiVersion: string, kind: string, namespace: string, name: string): Metadata {
  return { filterMetadata: { istio: { config: `/apis/${apiVersion}/namespaces/${namespace}/${kind}/${name}` } } };
}
