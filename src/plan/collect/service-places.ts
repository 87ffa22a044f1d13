import { Construct } from 'constructs';

/**
 * The places of a service's objects. The DestinationRule always comes before the VirtualService, so subsets are applied before the routes
 * that need them, the access objects come after both, and the Telemetry last. A separate place is created only for an object that would
 * otherwise come too late, because constructs cost time.
 */
export class ServicePlaces {
  private hasRule = false;
  private hasRoutes = false;
  private policies?: Construct;
  private routes?: Construct;
  private accessPlace?: Construct;
  private telemetryPlace?: Construct;

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

  /** The place of the access objects. */
  public ofAccess(): Construct {
    if (this.accessPlace) return this.accessPlace;
    this.reservePolicies();
    if (!this.hasRoutes) this.routes = new Construct(this.owner, 'Routes');
    return this.accessPlace = new Construct(this.owner, 'Access');
  }

  /** The place of the Telemetry of the pods. */
  public ofTelemetry(): Construct {
    this.ofAccess();
    return this.telemetryPlace ??= new Construct(this.owner, 'Telemetry');
  }

  private reservePolicies(): void {
    if (!this.hasRule) this.policies ??= new Construct(this.owner, 'Policies');
  }
}
