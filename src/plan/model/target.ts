/** A destination without its port: a service, or one of its subsets. */
export interface Target {
  /** The fully qualified host. */
  readonly host: string;
  readonly subset?: string;
  /** The ports of a destination: the HTTP ports of the service. */
  readonly ports: readonly number[];
}

/** A target and its weight. The weights of one split are relative to each other. */
export interface Share {
  readonly target: Target;
  readonly weight: number;
  /** Header changes of the requests to this target, in Istio's form. */
  readonly headers?: object;
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.host === b.host && a.subset === b.subset;
}

/** The shares that get requests. Istio drops those with weight 0. */
export function receiving(shares: readonly Share[]): readonly Share[] {
  return shares.filter(({ weight }) => weight > 0);
}

/** The name of a target in messages. */
export function targetName(target: Target): string {
  return target.subset === undefined ? target.host.split('.')[0] : `${target.host.split('.')[0]} ${target.subset}`;
}

/** The destination port for requests to `port`: the same port if the target has it, else its only port. */
export function destinationPort(target: Target, port: number): number | undefined {
  return target.ports.includes(port) ? port : target.ports.length === 1 ? target.ports[0] : undefined;
}
