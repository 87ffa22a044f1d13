import type { IPublicHost } from './public-host-reference';
import { hostPlanOf } from './public-host-reference';
import type { Audience as AudienceModel } from '../plan/model/audience';
import { accepted } from '../traffic/accepted';

/**
 * The callers that a statement applies to.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/#VirtualService
 */
export class Audience {
  /** Callers in the mesh, through their sidecars. */
  public static mesh(): Audience {
    return new Audience('mesh');
  }

  /** Clients outside the mesh, through the gateway of a public host. */
  public static publicHost(host: IPublicHost): Audience {
    [host] = accepted('Audience.publicHost', [host]);
    return new Audience(hostPlanOf('Audience.publicHost', host).audience);
  }

  private constructor(private readonly key: AudienceModel) {}

  /** @internal */
  public _key(): AudienceModel {
    return this.key;
  }
}
