import type { Locality } from './xds/core';

/** Reads `region/zone/subzone`. */
export function parseLocality(text: string | undefined): Locality {
  const [region, zone, subZone] = (text ?? '').split('/');
  return { ...(region ? { region } : {}), ...(zone ? { zone } : {}), ...(subZone ? { subZone } : {}) };
}

/** The locality of a workload's labels. A label may have a dot in place of `/`, which Kubernetes forbids in labels. */
export function parseLocalityLabel(labels: { readonly [key: string]: string }): string {
  const label = labels['topology.istio.io/locality'] ?? labels['istio-locality'] ?? '';
  return label.includes('/') ? label : label.replaceAll('.', '/');
}

/** Whether a setting matches a locality. `*` and absent parts match everything. */
export function isLocalityIn(locality: Locality, setting: string): boolean {
  const [region, zone, subZone] = setting.split('/');
  const isIn = (stated = '', part = '') => stated === '' || stated === '*' || part === stated;
  return (region === '*' || (locality.region ?? '') === region) && isIn(zone, locality.zone) && isIn(subZone, locality.subZone);
}

/** The distance between two localities: 0 in the same subzone, 1 in the same zone, 2 in the same region, 3 elsewhere. */
export function localityDistance(from: Locality, to: Locality): number {
  if (from.region !== to.region) return 3;
  if (from.zone !== to.zone) return 2;
  return from.subZone === to.subZone ? 0 : 1;
}
