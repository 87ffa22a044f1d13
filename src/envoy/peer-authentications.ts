import type { MeshConfig } from './mesh-config';
import type { Proxy } from './proxy';
import { hasLabels } from './proxy';
import { addToGroup } from '../manifest/group-by';
import { byAge } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';

/** How the workloads of a namespace accept mutual TLS. */
export type MutualTlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** How one workload accepts mutual TLS. */
export interface AcceptedTls {
  readonly mode: MutualTlsMode;
  /** The modes of single ports of the pod. */
  readonly byPort: ReadonlyMap<number, MutualTlsMode>;
}

type PeerAuthentication = ManifestOf<'PeerAuthentication'>;

/** The PeerAuthentications of a mesh. Of those with the same scope the oldest applies. */
export class PeerAuthentications {
  private readonly modes = new Map<string, MutualTlsMode | undefined>();
  private readonly selecting = new Map<string, PeerAuthentication[]>();

  constructor(objects: readonly PeerAuthentication[], private readonly mesh: MeshConfig) {
    for (const object of [...objects].sort(byAge)) {
      const { metadata: { namespace = '' }, spec } = object;
      if (Object.keys(spec?.selector?.matchLabels ?? {}).length > 0) addToGroup(this.selecting, namespace, object);
      else if (!this.modes.has(namespace)) this.modes.set(namespace, statedMode(spec?.mtls));
    }
  }

  /** Whether the mesh has none. */
  public get isEmpty(): boolean {
    return this.modes.size + this.selecting.size === 0;
  }

  /** The mode of a namespace, from which istiod derives the callers' TLS: its own, else the mesh's, else PERMISSIVE. */
  public mode(namespace: string): MutualTlsMode {
    return this.modes.get(namespace) ?? this.modes.get(this.mesh.rootNamespace) ?? 'PERMISSIVE';
  }

  /** What a workload accepts. Objects that select workloads count in their own namespace alone, and not in the root namespace. */
  public of(proxy: Proxy): AcceptedTls {
    const selecting = proxy.namespace === this.mesh.rootNamespace ? [] : this.selecting.get(proxy.namespace) ?? [];
    const own = selecting.find(({ spec }) => hasLabels(proxy, spec?.selector?.matchLabels))?.spec;
    const mode = statedMode(own?.mtls) ?? this.mode(proxy.namespace);
    const ports = Object.entries(own?.portLevelMtls ?? {});
    return { mode, byPort: new Map(ports.map(([port, mtls]) => [Number(port), statedMode(mtls) ?? mode])) };
  }
}

function statedMode({ mode }: { readonly mode?: MutualTlsMode | 'UNSET' } = {}): MutualTlsMode | undefined {
  return mode === 'UNSET' ? undefined : mode;
}
