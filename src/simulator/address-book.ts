import type { Service } from '../envoy/service';
import { serviceAddresses } from '../envoy/service-addresses';

/** The addresses of the services in the manifests, as DNS resolves them. */
export class AddressBook {
  private addresses?: ReadonlyMap<string, string>;

  constructor(private readonly services: () => readonly Service[], private readonly clusterDomain = 'cluster.local') {}

  /** The address of a host, as DNS resolves it in a namespace. Undefined for a host that is not in the manifests. */
  public resolve(host: string, namespace: string): string | undefined {
    this.addresses ??= serviceAddresses(this.services()).addresses;
    const name = host.endsWith('.') ? host.slice(0, -1) : host;
    const domains = [`${namespace}.svc.${this.clusterDomain}`, `svc.${this.clusterDomain}`, this.clusterDomain];
    for (const full of [...domains.map(domain => `${name}.${domain}`), name]) {
      const address = this.addresses.get(full);
      if (address !== undefined) return address;
    }
    return undefined;
  }
}
