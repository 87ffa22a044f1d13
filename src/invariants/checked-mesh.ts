import type { Caller } from '../diff/callers';
import { describeCaller } from '../diff/callers';
import { ProxyTraffic } from '../diff/proxy-traffic';
import type { Proxy } from '../envoy/proxy';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { Service } from '../envoy/service';
import { groupBy } from '../manifest/group-by';
import { TakingPods } from '../simulator/access/taking-pods';
import { AddressBook } from '../simulator/address-book';
import type { MeshParts } from '../simulator/mesh-parts';
import { SimulatedProxy } from '../simulator/simulated-proxy';

/** What one proxy does: its configuration as tables of routes, and as a proxy to which requests are sent. */
export interface CheckedProxy {
  readonly config: ProxyConfig;
  readonly traffic: ProxyTraffic;
  readonly simulated: SimulatedProxy;
}

/** The proxies of a mesh, each translated once. */
export class CheckedMesh {
  public readonly pods: TakingPods;
  private readonly proxies = new Map<string, CheckedProxy>();
  private readonly addresses: AddressBook;
  private byHost?: ReadonlyMap<string, readonly Service[]>;

  constructor(public readonly parts: MeshParts) {
    const { translator, edge } = parts;
    this.pods = new TakingPods(translator, edge);
    this.addresses = new AddressBook(() => translator.services, translator.clusterDomain);
  }

  public proxy(caller: Caller): CheckedProxy {
    const key = describeCaller(caller);
    let made = this.proxies.get(key);
    if (!made) {
      const { translator, edge } = this.parts;
      const proxy: Proxy = caller;
      const config = translator.translate(proxy);
      const resolve = (host: string) => this.addresses.resolve(host, proxy.namespace);
      const simulated = new SimulatedProxy(proxy, config, { resolve, edge: edge.at(proxy), pods: this.pods });
      this.proxies.set(key, made = { config, simulated, traffic: new ProxyTraffic(config) });
    }
    return made;
  }

  /** The services of the registry by host. */
  public get services(): ReadonlyMap<string, readonly Service[]> {
    return this.byHost ??= groupBy(this.parts.translator.services, ({ host }) => host);
  }

  /** The full hosts of the registry that a name stands for: itself, or those of the Services that it is the beginning of. */
  public hostsNamed(name: string): readonly string[] {
    if (this.services.has(name)) return [name];
    const ending = `.svc.${this.parts.translator.clusterDomain}`;
    const full = `${name}${name.endsWith('.svc') ? ending.slice('.svc'.length) : name.includes('.') ? ending : '.'}`;
    return [...this.services.keys()].filter(host => (name.includes('.') ? host === full : host.startsWith(full) && host.endsWith(ending)));
  }
}
