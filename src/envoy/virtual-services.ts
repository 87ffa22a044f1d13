import { mergeDelegates } from './delegates';
import type { MeshConfig } from './mesh-config';
import type { Note } from './note';
import type { VirtualService, VirtualServiceOptions } from './virtual-service';
import { destinationsOf, MESH, virtualServiceOf } from './virtual-service';
import { addToGroup } from '../manifest/group-by';
import { commonHosts, HostTable } from '../manifest/host-table';
import { byAge } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';

/** A VirtualService, and the hosts that it has in common with a server. */
export interface Served {
  readonly vs: VirtualService;
  readonly hosts: readonly string[];
}

/** The VirtualServices of a gateway that a namespace sees, and their places by host. */
interface VisibleHosts {
  readonly all: readonly VirtualService[];
  readonly byHost: HostTable<number>;
}

function ownRoutesFirst(all: readonly VirtualService[], namespace: string): readonly VirtualService[] {
  const isOwn = (vs: VirtualService) => vs.isOfGatewayApi && vs.namespace === namespace;
  return all.some(isOwn) ? [...all.filter(isOwn), ...all.filter(vs => !isOwn(vs))] : all;
}

const NO_HOSTS: ReadonlySet<string> = new Set();

function destinationsByHost(all: readonly VirtualService[]): Map<string, Set<string>> {
  const byHost = new Map<string, Set<string>>();
  for (const vs of all) {
    const named = destinationsOf(vs).map(({ host = '' }) => host);
    for (const host of vs.hosts) byHost.set(host, new Set([...byHost.get(host) ?? [], ...named]));
  }
  return byHost;
}

/** The VirtualServices of a mesh, by visibility. */
export class VirtualServices {
  private readonly public = new Map<string, VirtualService[]>();
  /** By namespace and gateway: private to the namespace, and exported to it. */
  private readonly private = new Map<string, VirtualService[]>();
  private readonly exported = new Map<string, VirtualService[]>();
  private readonly ofMesh: VirtualService[] = [];
  private destinations?: ReadonlyMap<string, ReadonlySet<string>>;
  private readonly tables = new Map<string, VisibleHosts>();

  constructor(
    objects: readonly ManifestOf<'VirtualService'>[],
    options: { meshConfig: MeshConfig; clusterDomain: string; origins?: VirtualServiceOptions['origins'] | undefined }, notes: Note[],
  ) {
    const { meshConfig: { defaultVirtualServiceExportTo }, clusterDomain, origins } = options;
    const names = { clusterDomain, exportTo: defaultVirtualServiceExportTo, ...origins && { origins } };
    const all = [...objects].sort(byAge).map(object => virtualServiceOf(object, names));
    const delegates = new Map(all.filter(({ hosts }) => hosts.length === 0).map(vs => [`${vs.namespace}/${vs.name}`, vs]));
    for (const vs of all) if (vs.hosts.length > 0) this.add(mergeDelegates(vs, delegates, notes));
  }

  /**
   * The VirtualServices of a gateway that are visible to a namespace: private ones, exported ones, then public ones. Those that are made
   * from routes of the namespace come before others, so that a caller can override the routes of a service.
   */
  public visibleTo(namespace: string, gateway: string = MESH): VirtualService[] {
    const key = `${namespace} ${gateway}`;
    const own = this.private.get(key) ?? [];
    return [
      ...gateway === MESH ? ownRoutesFirst(own, namespace) : own, ...this.exported.get(key) ?? [],
      ...ownRoutesFirst(this.public.get(gateway) ?? [], namespace),
    ];
  }

  /**
   * The VirtualServices of a gateway that are visible to a namespace and have a host in common with a server, in their order. A host of the
   * server may state the namespace of the VirtualServices before a slash.
   */
  public servedBy(server: { readonly gatewayName: string; readonly hosts: readonly string[] }, namespace: string): Served[] {
    const { all, byHost } = this.tableOf(namespace, server.gatewayName);
    const found = new Map<number, string[]>();
    for (const stated of new Set(server.hosts)) {
      const slash = stated.indexOf('/');
      const scope = slash < 0 ? '*' : stated.slice(0, slash);
      for (const place of new Set(byHost.overlapping(stated.slice(slash + 1)))) {
        if (scope === '*' || scope === all[place].namespace) addToGroup(found, place, stated.slice(slash + 1));
      }
    }
    return [...found].sort(([a], [b]) => a - b).map(([place, hosts]) => ({ vs: all[place], hosts: commonHosts(hosts, all[place].hosts) }));
  }

  /** The destinations of all VirtualServices of the mesh that have exactly this host, also those that few namespaces see. */
  public destinationsOf(host: string): ReadonlySet<string> {
    this.destinations ??= destinationsByHost(this.ofMesh);
    return this.destinations.get(host) ?? NO_HOSTS;
  }

  private tableOf(namespace: string, gateway: string): VisibleHosts {
    const key = `${namespace} ${gateway}`;
    let table = this.tables.get(key);
    if (!table) {
      const all = this.visibleTo(namespace, gateway);
      const byHost = new HostTable(all.flatMap(({ hosts }, place) => hosts.map(host => [host, place] as const)));
      this.tables.set(key, table = { all, byHost });
    }
    return table;
  }

  private add(vs: VirtualService): void {
    if (vs.gateways.includes(MESH)) this.ofMesh.push(vs);
    for (const gateway of vs.gateways) {
      if (vs.exportTo === 'all') {
        addToGroup(this.public, gateway, vs);
      } else {
        for (const namespace of vs.exportTo) {
          addToGroup(namespace === vs.namespace ? this.private : this.exported, `${namespace} ${gateway}`, vs);
        }
      }
    }
  }
}
