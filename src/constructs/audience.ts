import type { IConstruct } from 'constructs';
import type { IPublicHost } from './public-host-reference';
import { hostPlanOf } from './public-host-reference';
import type { Audience as AudienceModel } from '../plan/model/audience';
import { acceptedArgument } from '../traffic/accepted';
import { refuseOtherApp } from '../traffic/one-app';

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
    host = acceptedArgument('Audience.publicHost', host);
    return new Audience(hostPlanOf('Audience.publicHost', host).audience, host as Partial<IConstruct>);
  }

  private constructor(private readonly key: AudienceModel, private readonly host?: Partial<IConstruct>) {}

  /** @internal */
  public _refuseOtherApp(by: IConstruct): void {
    if (this.host?.node) refuseOtherApp(by, 'an audience', this.host.node, 'use the public host in the App of this construct');
  }

  /** @internal */
  public _key(): AudienceModel {
    return this.key;
  }
}
