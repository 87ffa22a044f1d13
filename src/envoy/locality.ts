import type { Locality } from './xds/core';

/** Reads `region/zone/subzone`. */
export function parseLocality(text: string | undefined): Locality {
  const [region, zone, subZone] = (text ?? '').split('/');
  return { ...(region ? { region } : {}), ...(zone ? { zone } : {}), ...(subZone ? { subZone } : {}) };
}

/** The locality that labels state. Kubernetes allows no `/` in them, so that a dot may stand for it. */
export function parseLocalityLabel(labels: { readonly [key: string]: string }): string {
  const label = labels['topology.istio.io/locality'] ?? labels['istio-locality'] ?? '';
  return label.includes('/') ? label : label.replaceAll('.', '/');
}

/** Whether a locality is one of those that a setting names; parts that it leaves out, and `*`, stand for all. */
export function isLocalityIn(locality: Locality, setting: string): boolean {
  const [region, zone, subZone] = setting.split('/');
  const isIn = (stated: string | undefined, part: string | undefined) => stated === undefined || stated === '' || stated === '*' || (part ?? '') === stated;
  return (region === '*' || (locality.region ?? '') === region) && isIn(zone, locality.zone) && isIn(subZone, locality.subZone);
}

/** How far away an endpoint is: 0 in the same subzone, 1 in the same zone, 2 in the same region, 3 elsewhere. */
export function localityDistance(from: Locality, to: Locality): number {
  if (from.region !== to.region) return 3;
  if (from.zone !== to.zone) return 2;
  return from.subZone === to.subZone ? 0 : 1;
}
