import { Construct } from 'constructs';

/**
 * The places of a service's objects. The DestinationRule always stands before the VirtualService, so that subsets are applied before the routes
 * that need them, and who may call stands after both. A place of its own is made only for what would otherwise come too late, since constructs
 * cost time.
 */
export class ServicePlaces {
  private hasRule = false;
  private hasRoutes = false;
  private policies?: Construct;
  private routes?: Construct;
  private accessPlace?: Construct;

  constructor(private readonly owner: Construct) {}

  public ofDestinationRule(): Construct {
    this.hasRule = true;
    return this.policies ?? this.owner;
  }

  public ofVirtualService(): Construct {
    if (!this.hasRoutes) this.reservePolicies();
    this.hasRoutes = true;
    return this.routes ?? this.owner;
  }

  /** The place of the objects that say who may call. */
  public ofAccess(): Construct {
    if (this.accessPlace) return this.accessPlace;
    this.reservePolicies();
    if (!this.hasRoutes) this.routes = new Construct(this.owner, 'Routes');
    return this.accessPlace = new Construct(this.owner, 'Access');
  }

  private reservePolicies(): void {
    if (!this.hasRule) this.policies ??= new Construct(this.owner, 'Policies');
  }
}
