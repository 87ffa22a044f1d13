import type { Service } from './service';

/** The addresses of the services of a mesh. */
export interface ServiceAddresses {
  /** The address of each host, as DNS resolves it. Ranges are left out. */
  readonly addresses: ReadonlyMap<string, string>;
  /** The hosts whose addresses the input does not set: the cluster has others. */
  readonly assumed: ReadonlySet<string>;
  /** The hosts of headless Services, whose addresses are those of their pods. */
  readonly headless: ReadonlySet<string>;
}

export function serviceAddresses(services: readonly Service[]): ServiceAddresses {
  const isHeadless = ({ registry, resolution }: Service) => registry === 'Kubernetes' && resolution === 'NONE';
  return {
    addresses: new Map(
      services.flatMap(({ host, addresses: [first] }) => (first === undefined || first.includes('/') ? [] : [[host, first]])),
    ),
    assumed: new Set(services.filter(({ isAddressAssumed }) => isAddressAssumed).map(({ host }) => host)),
    headless: new Set(services.filter(isHeadless).map(({ host }) => host)),
  };
}
