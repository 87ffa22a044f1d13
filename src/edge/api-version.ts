/** The API group of an object, empty for Kubernetes' core, and its version. */
export function groupVersionOf({ apiVersion }: { readonly apiVersion: string }): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

/** Whether Istio or the Gateway API has served a version. */
export function isServed(version: string): boolean {
  return /^v1(alpha[1-3]|beta1)?$/.test(version);
}
