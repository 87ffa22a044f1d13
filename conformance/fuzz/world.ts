import type { Dice } from './dice';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

/** The namespaces of all objects. The last one is Istio's root namespace. */
export const NAMESPACES = ['shop', 'other', 'istio-system'] as const;

/** Hosts outside the cluster, in addition to those of Services. */
export const OUTSIDE = [
  'api.example.com',
  'www.example.com',
  'eu.pay.example.com',
  '*.example.com',
  '*.pay.example.com',
  'example.org',
] as const;

export const SERVICES = ['catalog', 'orders', 'web'] as const;

export const VERSIONS = ['v1', 'v2', 'v3'] as const;

export const LOCALITIES = ['eu-west/zone1/rack1', 'eu-west/zone1/rack2', 'eu-west/zone2', 'us-east/zone1', 'ap-south', ''] as const;

const TIMES = ['2025-01-01T00:00:00Z', '2025-02-01T00:00:00Z', '2026-03-01T00:00:00Z'];

/** An object with its metadata. Several may have the same creation time, or none. */
export function object(
  dice: Dice, apiVersion: string, kind: string, name: string, namespace: string, spec: object, metadata: object = {},
): KubernetesObject {
  const creationTimestamp = dice.maybe(0.6, () => dice.pick(TIMES));
  return { apiVersion, kind, metadata: { name, namespace, ...(creationTimestamp ? { creationTimestamp } : {}), ...metadata }, spec };
}

/** The `exportTo` of an object. Admission rejects a namespace that is listed twice. */
export function exportTo(dice: Dice, namespace = ''): string[] {
  const scopes = dice.pick([['*'], ['.'], ['.', 'other'], ['other'], ['shop'], ['shop', 'other'], ['istio-system'], ['.', 'istio-system']]);
  return scopes.includes('.') ? scopes.filter(scope => scope !== namespace) : scopes;
}

export function duration(dice: Dice): string {
  return dice.pick(['1s', '250ms', '1.5s', '2m', '1h', '90s', '100s']);
}

export function host(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}
