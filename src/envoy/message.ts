import type { Json } from './proxy-config';

/** A message as proto JSON writes it: without fields that are unset, and without empty lists. */
export function message<T extends { [field: string]: Json }>(fields: T): T {
  for (const field in fields) {
    const value = fields[field];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) delete fields[field];
  }
  return fields;
}

/** A message of an extension, with its type. */
export function typed(type: string, fields: { [field: string]: Json } = {}): Json {
  return message({ '@type': `type.googleapis.com/${type}`, ...fields });
}

/** Where Envoy takes resources from that istiod sends. */
export const ADS = { ads: {}, initialFetchTimeout: '0s', resourceApiVersion: 'V3' };

/** The metadata that names the object behind a resource. */
export function configMetadata(apiVersion: string, kind: string, namespace: string, name: string): Json {
  return { filterMetadata: { istio: { config: `/apis/${apiVersion}/namespaces/${namespace}/${kind}/${name}` } } };
}
