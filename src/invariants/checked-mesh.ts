import type { Caller } from '../diff/callers';
import { describeCaller } from '../diff/callers';
import { ProxyTraffic } from '../diff/proxy-traffic';
import type { ProxyConfig } from '../envoy/proxy-config';
import type { Service } from '../envoy/service';
import { groupBy } from '../manifest/group-by';
import type { TakingPods } from '../simulator/access/taking-pods';
import type { MeshParts } from '../simulator/mesh-parts';
import { SimulatedProxies } from '../simulator/simulated-proxies';
import type { SimulatedProxy } from '../simulator/simulated-proxy';

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
  private readonly simulated: SimulatedProxies;
  private byHost?: ReadonlyMap<string, readonly Service[]>;

  constructor(public readonly parts: MeshParts) {
    this.simulated = new SimulatedProxies(parts);
    this.pods = this.simulated.pods;
  }

  public proxy(caller: Caller): CheckedProxy {
    const key = describeCaller(caller);
    let made = this.proxies.get(key);
    if (!made) {
      const simulated = this.simulated.of(caller);
      const { config } = simulated;
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
