import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { istioObject } from './istio-object';
import { ServiceDestinationRule, ServiceVirtualService } from './service-objects';
import type { ServicePlan } from './service-plan';

/**
 * The places of a service's objects. Each object is made when it is first needed; the DestinationRule always stands before the
 * VirtualService, so that subsets are applied before the routes that need them, and who may call stands after both. A place of its own is
 * made only for what would otherwise come too late, since constructs cost time.
 */
export class ServiceSlots {
  private rule?: ApiObject;
  private routes?: ApiObject;
  private place?: Construct;
  private routesPlace?: Construct;
  private accessPlace?: Construct;

  constructor(private readonly owner: Construct, private readonly plan: ServicePlan) {}

  public destinationRule(): ApiObject {
    return this.rule ??= istioObject(this.place ?? this.owner, 'DestinationRule', new ServiceDestinationRule(this.plan));
  }

  public virtualService(): ApiObject {
    if (!this.routes && !this.rule) this.place ??= new Construct(this.owner, 'Policies');
    return this.routes ??= istioObject(this.routesPlace ?? this.owner, 'VirtualService', new ServiceVirtualService(this.plan));
  }

  /** The place of the objects that say who may call. */
  public access(): Construct {
    if (this.accessPlace) return this.accessPlace;
    if (!this.rule) this.place ??= new Construct(this.owner, 'Policies');
    if (!this.routes) this.routesPlace = new Construct(this.owner, 'Routes');
    return this.accessPlace = new Construct(this.owner, 'Access');
  }
}
