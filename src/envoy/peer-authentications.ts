import type { MeshConfig } from './mesh-config';
import { byAge } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';

/** How the workloads of a namespace accept mutual TLS. */
export type MutualTlsMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** The PeerAuthentications without a selector, from which istiod derives the callers' TLS. Per namespace the oldest applies. */
export class PeerAuthentications {
  private readonly modes = new Map<string, MutualTlsMode | undefined>();

  constructor(objects: readonly ManifestOf<'PeerAuthentication'>[], private readonly mesh: MeshConfig) {
    const all = objects.filter(({ spec }) => Object.keys(spec?.selector?.matchLabels ?? {}).length === 0).sort(byAge);
    for (const { metadata: { namespace = '' }, spec } of all) {
      const mode = spec?.mtls?.mode;
      if (!this.modes.has(namespace)) this.modes.set(namespace, mode === 'UNSET' ? undefined : mode);
    }
  }

  /** The mode of a namespace: its own, else the mesh's, else PERMISSIVE. */
  public mode(namespace: string): MutualTlsMode {
    return this.modes.get(namespace) ?? this.modes.get(this.mesh.rootNamespace) ?? 'PERMISSIVE';
  }
}
