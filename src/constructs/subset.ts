import type { MeshService } from './mesh-service';
import type { ITrafficTarget } from './traffic-target';

/**
 * Options of a subset.
 */
export interface SubsetOptions {
  /** The labels of its endpoints, beside the service's own selector. */
  readonly labels: { readonly [key: string]: string };
  /**
   * How many endpoints it has. With it, an outlier detection that can eject nobody is an error.
   * @default - unknown
   */
  readonly replicas?: number;
}

/**
 * A named part of a service's endpoints, such as one version. Made by `MeshService.addSubset()`.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#Subset
 */
export class Subset implements ITrafficTarget {
  /** @internal */
  public static _of(service: MeshService, name: string): Subset {
    return new Subset(service, name);
  }

  private constructor(
    /** The service it is part of. */
    public readonly service: MeshService,
    /** Its name in the DestinationRule, and in Envoy's cluster `outbound|port|name|host`. */
    public readonly name: string,
  ) {}

  public get subsetName(): string | undefined {
    return this.name;
  }

  public get host(): string {
    return this.service.host;
  }

  public get httpPorts(): number[] {
    return this.service.httpPorts;
  }

  public get connectionPorts(): number[] {
    return this.service.connectionPorts;
  }
}
