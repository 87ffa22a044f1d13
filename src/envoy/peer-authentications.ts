import type { MeshConfig } from './mesh-config';
import type { Proxy } from './proxy';
import { hasLabels } from './proxy';
import { ClueIndex } from '../manifest/clue-index';
import { byAge } from '../manifest/kubernetes-object';
import { labelClues } from '../manifest/labels';
import type { ManifestOf } from '../manifest/manifest';

/** How the workloads of a namespace accept mutual TLS. */
export type MutualTlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** How one workload accepts mutual TLS. */
export interface AcceptedTls {
  readonly mode: MutualTlsMode;
  /** The modes of single ports of the pod. */
  readonly byPort: ReadonlyMap<number, MutualTlsMode>;
}

/** A policy of how workloads accept mutual TLS. */
export type PeerAuthentication = ManifestOf<'PeerAuthentication'>;

/** The PeerAuthentications of a mesh. Of those with the same scope the oldest applies. */
export class PeerAuthentications {
  private readonly wide = new Map<string, PeerAuthentication>();
  private readonly selecting = new Map<string, ClueIndex<PeerAuthentication>>();

  constructor(objects: readonly PeerAuthentication[], private readonly mesh: MeshConfig) {
    for (const object of [...objects].sort(byAge)) {
      const { metadata: { namespace = '' }, spec } = object;
      const clues = labelClues(spec?.selector?.matchLabels).map(clue => [clue]);
      if (clues.length > 0) {
        const own = this.selecting.get(namespace) ?? new ClueIndex<PeerAuthentication>();
        this.selecting.set(namespace, own);
        own.add(object, clues);
      } else if (!this.wide.has(namespace)) {
        this.wide.set(namespace, object);
      }
    }
  }

  /** Whether the mesh has none. */
  public get isEmpty(): boolean {
    return this.wide.size + this.selecting.size === 0;
  }

  /** The mode of a namespace, from which istiod derives the callers' TLS: its own, else the mesh's, else PERMISSIVE. */
  public mode(namespace: string): MutualTlsMode {
    return statedMode(this.deciding(namespace)?.spec?.mtls) ?? 'PERMISSIVE';
  }

  /** What a workload accepts. Objects that select workloads count in their own namespace alone, and not in the root namespace. */
  public of(proxy: Proxy): AcceptedTls {
    const own = this.selected(proxy)?.spec;
    const mode = statedMode(own?.mtls) ?? this.mode(proxy.namespace);
    const ports = Object.entries(own?.portLevelMtls ?? {});
    return { mode, byPort: new Map(ports.map(([port, mtls]) => [Number(port), statedMode(mtls) ?? mode])) };
  }

  /** The object that states the mode of a port of a workload; undefined where none does. */
  public decidingFor(proxy: Proxy, port: number): PeerAuthentication | undefined {
    const own = this.selected(proxy);
    const mode = statedMode(own?.spec?.portLevelMtls?.[port]) ?? statedMode(own?.spec?.mtls);
    return mode === undefined ? this.deciding(proxy.namespace) : own;
  }

  /** The object that states the mode of a namespace. */
  private deciding(namespace: string): PeerAuthentication | undefined {
    const wide = [namespace, this.mesh.rootNamespace].map(each => this.wide.get(each));
    return wide.find(object => statedMode(object?.spec?.mtls) !== undefined);
  }

  private selected(proxy: Proxy): PeerAuthentication | undefined {
    if (proxy.namespace === this.mesh.rootNamespace) return undefined;
    const selecting = this.selecting.get(proxy.namespace);
    return selecting?.first(labelClues(proxy.labels), ({ spec }) => hasLabels(proxy, spec?.selector?.matchLabels));
  }
}

function statedMode({ mode }: { readonly mode?: MutualTlsMode | 'UNSET' } = {}): MutualTlsMode | undefined {
  return mode === 'UNSET' ? undefined : mode;
}
