import type { Edge } from '../../edge/edge';
import type { TakingProxy } from '../../envoy/inbound/taking-pods';
import type { Proxy } from '../../envoy/proxy';
import type { InboundConfig } from '../../envoy/proxy-config';
import type { Translator } from '../../envoy/translator';

/** One set of pods that take the requests to a destination, and its port. */
export interface TakingPod {
  readonly proxy: Proxy;
  /** The port of the pods. */
  readonly port: number;
  readonly config: InboundConfig;
}

/** The pods behind a destination, as far as they have a sidecar. */
export interface TakingSet {
  readonly pods: readonly TakingPod[];
  /** Whether there are others, which certainly have no sidecar. */
  readonly hasOthers: boolean;
}

/** The pods behind destinations, with the configuration of their sidecars. */
export class TakingPods {
  private readonly configs = new Map<string, InboundConfig>();

  constructor(private readonly translator: Translator, private readonly edge: Edge) {}

  /** Whether some policy of the mesh decides who may call. */
  public get arePoliciesKnown(): boolean {
    return this.translator.decidesAccess;
  }

  /** Whether a provider of CUSTOM policies that the input lacks may exist: MeshConfig or the Service of a provider is not read. */
  public get mayHaveProvider(): boolean {
    const { isComplete, hasMeshConfig } = this.edge;
    return !isComplete && (!hasMeshConfig || this.translator.lacksAuthorizer);
  }

  public get trustDomain(): string {
    return this.translator.trustDomain;
  }

  /** The identities of the pods that a proxy may be. */
  public identitiesOf(proxy: Proxy): readonly string[] {
    return this.translator.identitiesOf(proxy);
  }

  /** The pods with these endpoints, else those that the selector of the service describes. */
  public of(host: string, port: number, endpoints: readonly string[]): TakingSet {
    return this.withSidecar(this.translator.takersOf(host, port, endpoints));
  }

  /** The pods that take the connections to a port of a host. */
  public at(host: string, port: number): TakingSet {
    return this.withSidecar(this.translator.takersAt(host, port));
  }

  private withSidecar(all: readonly TakingProxy[]): TakingSet {
    const pods = all.filter(({ proxy }) => !this.edge.isWithoutSidecar(proxy)).map(pod => ({ ...pod, config: this.configOf(pod.proxy) }));
    return { pods, hasOthers: pods.length < all.length };
  }

  private configOf(proxy: Proxy): InboundConfig {
    const key = JSON.stringify([proxy.namespace, Object.entries(proxy.labels ?? {}).sort()]);
    let config = this.configs.get(key);
    if (!config) this.configs.set(key, config = this.translator.inbound(proxy));
    return config;
  }
}
