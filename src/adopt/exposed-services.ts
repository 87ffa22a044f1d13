import { isOpen } from './open-rules';
import { fullHost } from '../manifest/host-name';
import type { ManifestOf } from '../manifest/manifest';

/** The hosts of the services that the hosts of a gateway lead to: one per VirtualService. */
export function exposedServices(unit: { readonly virtualServices: readonly ManifestOf<'VirtualService'>[] }, clusterDomain: string): readonly string[] {
  return [...new Set(unit.virtualServices.flatMap(each => exposedBy(each, clusterDomain) ?? []))];
}

/** The service that takes the other requests of a host, else the first one. */
export function exposedBy({ spec, metadata: { namespace } }: ManifestOf<'VirtualService'>, clusterDomain: string): string | undefined {
  const { http = [] } = spec ?? {};
  const rules = [...http.filter(rule => isOpen([rule])), ...http.filter(rule => !isOpen([rule]))].reverse();
  const host = rules.flatMap(({ route = [] }) => route.map(({ destination }) => destination?.host))[0];
  return host === undefined ? undefined : fullHost(host, namespace!, clusterDomain);
}
