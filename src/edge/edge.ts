import type { InputExtent } from './caller-edge';
import { CallerEdge, grouped } from './caller-edge';
import type { EdgeOptions } from './known';
import { Known } from './known';
import { unreadSettings } from './mesh-config';
import type { NotJudged } from './not-judged';
import { Population } from './population';
import type { Reach } from './reach';
import type { UnreadItem } from './unread-item';
import { RowsOfKinds } from './unread-kinds';
import type { Proxy } from '../envoy/proxy';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { describeObject } from '../manifest/kubernetes-object';
import { selects } from '../manifest/labels';
import type { Manifest } from '../manifest/manifest';
import { readManifests } from '../manifest/manifest';

/** The edge of the model: what of a mesh is not read, or not in full, and which answers that may change. */
export class Edge {
  /** All that is not read. */
  public readonly items: readonly UnreadItem[];
  /** Whether the MeshConfig of the mesh is known. */
  public readonly hasMeshConfig: boolean;
  private readonly manifests: readonly Manifest[];
  private readonly clusterDomain: string;
  private readonly input: InputExtent;
  private counted?: Population;
  private withoutSidecar?: readonly Reach[];

  public constructor(objects: readonly KubernetesObject[], options: EdgeOptions = {}) {
    const { manifests } = readManifests(objects);
    const known = new Known(manifests, options);
    const rows = new RowsOfKinds();
    const ofObjects = manifests.flatMap(manifest => rows.of(manifest).flatMap(row => {
      const unread = row.of(manifest, known);
      return unread ? [{ name: describeObject(manifest), what: row.what, changes: row.changes, ...unread }] : [];
    }));
    this.items = [...ofObjects, ...unreadSettings(known)];
    this.clusterDomain = known.clusterDomain;
    this.input = { isComplete: options.complete ?? false, hasAllPods: options.hasAllPods ?? false };
    this.manifests = manifests;
    this.hasMeshConfig = known.hasMeshConfig;
  }

  /** Whether nothing exists beside the input. */
  public get isComplete(): boolean {
    return this.input.isComplete;
  }

  /** The pods of the mesh. */
  public get population(): Population {
    return this.counted ??= new Population(this.manifests, this.clusterDomain);
  }

  /** All that may change an answer. */
  public get all(): readonly NotJudged[] {
    return grouped(this.items.filter(({ reaches }) => reaches.length > 0));
  }

  /** All that may change an answer, if that takes the access policies of sidecars and gateways into account. */
  public get allBesideAccess(): readonly NotJudged[] {
    return grouped(this.items.filter(({ reaches, isReadInbound }) => reaches.length > 0 && !isReadInbound));
  }

  /** Whether the pods of a proxy certainly have no sidecar. */
  public isWithoutSidecar({ namespace, labels = {} }: Proxy): boolean {
    this.withoutSidecar ??= this.items.flatMap(({ reaches }) => reaches.filter(({ lacksSidecar }) => lacksSidecar));
    return this.withoutSidecar.some(reach => (reach.namespace === undefined || reach.namespace === namespace)
      && selects(reach.selector ?? {}, labels) && !Object.entries(reach.except ?? {}).some(([key, value]) => labels[key] === value));
  }

  /** The part that reaches one caller. */
  public at(caller: Proxy): CallerEdge {
    return new CallerEdge(caller, this.items, this.population, this.clusterDomain, this.input);
  }
}
