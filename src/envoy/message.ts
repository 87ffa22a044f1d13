import type { Any, ConfigSource, Metadata } from './xds/core';

/** Removes from a message what proto JSON leaves out: unset fields and empty lists. */
export function message<T extends object>(fields: T): T {
  for (const field in fields) {
    const value: unknown = fields[field];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) delete fields[field];
  }
  return fields;
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
