import type { Json, Proxy } from '../../conformance/istiod/client';
import { SimulatedProxy } from 'cdk8s-istio/jest';

/** A proxy with its configuration: the resources in it, and what Envoy does with requests. */
export class Envoy extends SimulatedProxy {
  constructor({ name, ...proxy }: Proxy, private readonly answer: Json) {
    super(proxy, { ...answer, origins: new Map(), notes: [] });
  }

  /** A virtual host such as `catalog.shop.svc.cluster.local:80`. */
  public virtualHost(name: string): Json {
    return this.answer.routes.flatMap((r: Json) => r.virtualHosts ?? []).find((v: Json) => v.name === name);
  }

  /** The routes of a virtual host, in the order in which Envoy tries them. */
  public routes(virtualHost: string): Json[] {
    return this.virtualHost(virtualHost)?.routes;
  }

  /** A cluster such as `outbound|80|v1|catalog.shop.svc.cluster.local`. */
  public cluster(name: string): Json {
    return this.answer.clusters.find((c: Json) => c.name === name);
  }

  /** A listener such as `0.0.0.0_80`. */
  public listener(name: string): Json {
    return this.answer.listeners.find((l: Json) => l.name === name);
  }
}
