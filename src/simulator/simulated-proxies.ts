import type { CallerFacts } from './access/caller';
import { TakingPods } from './access/taking-pods';
import { AddressBook } from './address-book';
import type { MeshParts } from './mesh-parts';
import { SimulatedProxy } from './simulated-proxy';
import type { Proxy } from '../envoy/proxy';

/** The proxies of a mesh, as the simulator runs them. */
export class SimulatedProxies {
  public readonly pods: TakingPods;
  private readonly addresses: AddressBook;

  constructor(private readonly parts: Pick<MeshParts, 'translator' | 'edge'>) {
    const { translator, edge } = parts;
    this.pods = new TakingPods(translator, edge);
    this.addresses = new AddressBook(() => translator.services, translator.clusterDomain);
  }

  /** Translates the configuration of a proxy. */
  public of(proxy: Proxy, caller: CallerFacts = {}): SimulatedProxy {
    const { translator, edge } = this.parts;
    const resolve = (host: string) => this.addresses.resolve(host, proxy.namespace);
    return new SimulatedProxy(proxy, translator.translate(proxy), { resolve, edge: edge.at(proxy), pods: this.pods, caller });
  }
}
