import type { IPublicHost } from './public-host-reference';
import { hostPlanOf } from './public-host-reference';
import type { Audience as PlanAudience } from '../plan/statements';

/**
 * Whose requests a statement is about.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 */
export class Audience {
  /** Callers in the mesh, through their sidecars. */
  public static mesh(): Audience {
    return new Audience('mesh');
  }

  /** Callers from outside, through the gateway of a public host. */
  public static publicHost(host: IPublicHost): Audience {
    return new Audience(hostPlanOf('Audience.publicHost', host));
  }

  private constructor(private readonly key: PlanAudience) {}

  /** @internal */
  public _key(): PlanAudience {
    return this.key;
  }
}
