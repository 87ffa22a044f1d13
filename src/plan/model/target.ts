/** A cluster that requests go to: a service, or one of its subsets. */
export interface Target {
  /** The fully qualified host. */
  readonly host: string;
  readonly subset?: string;
  /** The ports a destination may name: the HTTP ports of the service. */
  readonly ports: readonly number[];
}

/** A target and its weight; the weights of one split are relative to each other. */
export interface Share {
  readonly target: Target;
  readonly weight: number;
  /** Changes of headers of the requests that go there, as Istio writes them. */
  readonly headers?: object;
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.host === b.host && a.subset === b.subset;
}

/** The shares that get requests: Istio drops those of weight zero. */
export function receiving(shares: readonly Share[]): readonly Share[] {
  return shares.filter(({ weight }) => weight > 0);
}

/** How messages name a target. */
export function targetName(target: Target): string {
  return target.subset === undefined ? target.host.split('.')[0] : `${target.host.split('.')[0]} ${target.subset}`;
}

/** The port of a target's cluster for requests to `port`: the same if it has it, else its only one. */
export function destinationPort(target: Target, port: number): number | undefined {
  return target.ports.includes(port) ? port : target.ports.length === 1 ? target.ports[0] : undefined;
}
