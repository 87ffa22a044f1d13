import type { Proxy } from './proxy';
import { hasLabels } from './proxy';
import { ClueIndex } from '../manifest/clue-index';
import { byAge } from '../manifest/kubernetes-object';
import { labelClues } from '../manifest/labels';
import type { ManifestOf } from '../manifest/manifest';

type Sidecar = ManifestOf<'Sidecar'>;

/** The Sidecars of a mesh. A proxy has one; Sidecars are never merged. */
export class Sidecars {
  /** By namespace, by the labels that they select. */
  private readonly byNamespace = new Map<string, ClueIndex<Sidecar>>();
  private readonly root?: Sidecar;

  constructor(objects: readonly Sidecar[], rootNamespace: string) {
    const sorted = [...objects].sort(byAge);
    const hasSelector = ({ spec }: Sidecar) => Boolean(spec?.workloadSelector);
    for (const object of [...sorted.filter(hasSelector), ...sorted.filter(each => !hasSelector(each))]) {
      const namespace = object.metadata.namespace ?? '';
      let own = this.byNamespace.get(namespace);
      if (!own) this.byNamespace.set(namespace, own = new ClueIndex());
      own.add(object, labelClues(object.spec?.workloadSelector?.labels).map(clue => [clue]));
      if (namespace === rootNamespace && !hasSelector(object)) this.root ??= object;
    }
  }

  /** The oldest that selects the proxy, else the oldest of its namespace without a selector, else the root namespace's. */
  public of(proxy: Proxy): Sidecar | undefined {
    if (proxy.type === 'gateway') return undefined;
    const own = this.byNamespace.get(proxy.namespace)
      ?.first(labelClues(proxy.labels), ({ spec }) => hasLabels(proxy, spec?.workloadSelector?.labels));
    return own ?? this.root;
  }
}
