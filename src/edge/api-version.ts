import { KINDS } from '../manifest/crd-schemas.generated';

/** The API group of an object, empty for Kubernetes' core, and its version. */
export function groupVersionOf({ apiVersion }: { readonly apiVersion: string }): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Whether Istio serves a version of one of its kinds; of other kinds, whether it is a version that the Gateway API has served. */
export function isServed(kind: string, group: string, version: string): boolean {
  const known = KINDS[kind]?.group === group ? KINDS[kind] : undefined;
  return known ? known.versions.includes(version) : /^v1(alpha[1-3]|beta1)?$/.test(version);
}
