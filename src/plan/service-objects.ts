import type { NamedObjectProps } from './istio-object';
import type { Origin } from './origins';
import { destinationRule, meshOrigin, meshVirtualService } from './render';
import type { ServicePlan } from './service-plan';

/** The DestinationRule that a service's plan comes to. Classes, since closures for each object cost memory. */
export class ServiceDestinationRule implements NamedObjectProps {
  public readonly kind = 'DestinationRule';

  constructor(private readonly plan: ServicePlan) {}

  public get name(): string {
    return this.plan.facts.name;
  }

  public get namespace(): string {
    return this.plan.facts.namespace;
  }

  public spec(): object {
    return destinationRule(this.plan);
  }

  public origin(): Origin {
    return { policies: this.plan.policies.paths };
  }
}

/** The VirtualService that a service's plan comes to for callers in the mesh. */
export class ServiceVirtualService implements NamedObjectProps {
  public readonly kind = 'VirtualService';

  constructor(private readonly plan: ServicePlan) {}

  public get name(): string {
    return this.plan.facts.name;
  }

  public get namespace(): string {
    return this.plan.facts.namespace;
  }

  public spec(): object {
    return this.plan.facts.virtualService?.() ?? meshVirtualService(this.plan);
  }

  public origin(): Origin {
    return meshOrigin(this.plan);
  }
}
