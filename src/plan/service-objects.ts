import type { NamedObjectProps } from './istio-object';
import type { Origin } from './origins';
import { destinationRule, meshOrigin, meshVirtualService } from './render';
import type { ServicePlan } from './service-plan';

/** An object of a service's plan, with the Service's own name. Classes, since closures for each object cost memory. */
abstract class ServiceObject implements NamedObjectProps {
  public abstract readonly kind: string;

  constructor(protected readonly plan: ServicePlan) {}

  public get name(): string {
    return this.plan.facts.name;
  }

  public get namespace(): string {
    return this.plan.facts.namespace;
  }

  public get revision(): number | undefined {
    return this.plan.revision;
  }

  public abstract spec(): object;
  public abstract origin(): Origin;
}

/** The DestinationRule that a service's plan comes to. */
export class ServiceDestinationRule extends ServiceObject {
  public readonly kind = 'DestinationRule';

  public spec(): object {
    return destinationRule(this.plan);
  }

  public origin(): Origin {
    return { policies: this.plan.policies.paths };
  }
}

/** The VirtualService that a service's plan comes to for callers in the mesh. */
export class ServiceVirtualService extends ServiceObject {
  public readonly kind = 'VirtualService';

  public get revision(): number | undefined {
    return this.plan.facts.virtualService ? undefined : super.revision;
  }

  public spec(): object {
    return this.plan.facts.virtualService?.() ?? meshVirtualService(this.plan);
  }

  public origin(): Origin {
    return meshOrigin(this.plan);
  }
}
