import type { InboundClusterSettings } from './inbound-clusters';
import { inboundClusters } from './inbound-clusters';
import type { InboundSettings } from './inbound-listeners';
import { inboundListeners } from './inbound-listeners';
import type { IstioVersion } from '../istio-versions';
import { asOlder } from '../istio-versions';
import type { MeshConfig } from '../mesh-config';
import type { InboundConfig } from '../proxy-config';

/** What the inbound configuration of a sidecar is made of, beside MeshConfig. */
export type InboundParts = Omit<InboundSettings & InboundClusterSettings, 'meshConfig'>;

type Made = Pick<InboundConfig, 'listeners' | 'clusters'>;

/** The inbound configurations of the sidecars of a mesh. Most pods have the same ports and policies: those with equal parts share one. */
export class InboundConfigs {
  private readonly made = new Map<string, Made>();
  /** Clusters do not depend on policies. */
  private readonly clusters = new Map<string, Made['clusters']>();
  private readonly numbers = new Map<object, number>();

  public constructor(private readonly meshConfig: MeshConfig, private readonly version: IstioVersion) {}

  public of(parts: InboundParts): Made {
    const withoutAccess = this.keyOf(parts);
    const key = `${this.keyOfAccess(parts)} ${withoutAccess}`;
    const known = this.made.get(key);
    if (known) return known;
    const settings = { ...parts, meshConfig: this.meshConfig };
    let clusters = this.clusters.get(withoutAccess);
    if (!clusters) {
      clusters = asOlder(inboundClusters(settings), { ...this.version, alwaysWeighsLocalities: false });
      this.clusters.set(withoutAccess, clusters);
    }
    const made = { listeners: inboundListeners(settings), clusters };
    this.made.set(key, made);
    return made;
  }

  /** Equal for equal parts, without those of policies. Long parts that proxies share count as equal if they are the same objects. */
  private keyOf({ access: _, proxyConfig, accepted: { mode, byPort }, proxy: { type }, ...others }: InboundParts): string {
    return JSON.stringify([this.numberOf(proxyConfig), mode, [...byPort], type, others]);
  }

  private keyOfAccess({ access: { http, network } }: InboundParts): string {
    return JSON.stringify([http, network].map(objects => objects.map(object => this.numberOf(object))));
  }

  private numberOf(object: object): number {
    const number = this.numbers.get(object) ?? this.numbers.size;
    this.numbers.set(object, number);
    return number;
  }
}
