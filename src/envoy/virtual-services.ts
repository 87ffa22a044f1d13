import { mergeDelegates } from './delegates';
import type { MeshConfig } from './mesh-config';
import type { Note } from './note';
import type { VirtualService } from './virtual-service';
import { MESH, virtualServiceOf } from './virtual-service';
import { addToGroup } from '../manifest/group-by';
import { byAge } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';

/** The VirtualServices of a mesh, by visibility. */
export class VirtualServices {
  private readonly public = new Map<string, VirtualService[]>();
  /** By namespace and gateway: private to the namespace, and exported to it. */
  private readonly private = new Map<string, VirtualService[]>();
  private readonly exported = new Map<string, VirtualService[]>();

  constructor(
    objects: readonly ManifestOf<'VirtualService'>[], options: { meshConfig: MeshConfig; clusterDomain: string }, notes: Note[],
  ) {
    const { meshConfig: { defaultVirtualServiceExportTo }, clusterDomain } = options;
    const names = { clusterDomain, exportTo: defaultVirtualServiceExportTo };
    const all = [...objects].sort(byAge).map(object => virtualServiceOf(object, names));
    const delegates = new Map(all.filter(({ hosts }) => hosts.length === 0).map(vs => [`${vs.namespace}/${vs.name}`, vs]));
    for (const vs of all) if (vs.hosts.length > 0) this.add(mergeDelegates(vs, delegates, notes));
  }

  /** The VirtualServices of a gateway that are visible to a namespace: private ones, exported ones, then public ones. */
  public visibleTo(namespace: string, gateway: string = MESH): VirtualService[] {
    const key = `${namespace} ${gateway}`;
    return [...this.private.get(key) ?? [], ...this.exported.get(key) ?? [], ...this.public.get(gateway) ?? []];
  }

  private add(vs: VirtualService): void {
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
