import type { Service } from './service';

/** The addresses of the services of a mesh. */
export interface ServiceAddresses {
  /** The address of each host, as DNS resolves it. A range is none. */
  readonly addresses: ReadonlyMap<string, string>;
  /** The hosts whose addresses the input does not state, so that the cluster has others. */
  readonly assumed: ReadonlySet<string>;
}

export function serviceAddresses(services: readonly Service[]): ServiceAddresses {
  return {
    addresses: new Map(
      services.flatMap(({ host, addresses: [first] }) => (first === undefined || first.includes('/') ? [] : [[host, first]])),
    ),
    assumed: new Set(services.filter(({ isAddressAssumed }) => isAddressAssumed).map(({ host }) => host)),
  };
}
