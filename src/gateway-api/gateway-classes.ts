import type { ManifestOf } from '../manifest/manifest';

/** What istiod does with the Gateways of a controller. */
export interface Controller {
  /** Whether its Gateways get configuration, or describe a gateway of another cluster. */
  readonly isRemote?: boolean;
  readonly isWaypoint?: boolean;
  readonly isEastWest?: boolean;
  readonly takesListenerSets?: boolean;
}

/** The flags of istiod that decide which classes it knows. */
export interface ClassFlags {
  /** `PILOT_ENABLE_AMBIENT`. */
  readonly ambient: boolean;
  /** `AMBIENT_ENABLE_MULTI_NETWORK`. */
  readonly multiNetwork: boolean;
}

/** Waypoints get no routes by their listeners, so that their class may as well be known. */
export const DEFAULT_FLAGS: ClassFlags = { ambient: true, multiNetwork: false };

const INGRESS: Controller = { takesListenerSets: true };
const REMOTE: Controller = { isRemote: true };
const WAYPOINT: Controller = { isWaypoint: true };
const EAST_WEST: Controller = { isEastWest: true };

/** The GatewayClasses of a cluster. Istio's own need no object. */
export class GatewayClasses {
  private readonly controllers: ReadonlyMap<string, Controller>;
  private readonly byName: ReadonlyMap<string, Controller | undefined>;

  constructor(private readonly objects: readonly ManifestOf<'GatewayClass'>[], { ambient, multiNetwork }: ClassFlags) {
    const known: readonly (readonly [string, string, Controller])[] = [
      ['istio', 'istio.io/gateway-controller', INGRESS],
      ['istio-remote', 'istio.io/unmanaged-gateway', REMOTE],
      ...ambient ? [['istio-waypoint', WAYPOINT_CONTROLLER, WAYPOINT] as const] : [],
      ...multiNetwork ? [['istio-east-west', 'istio.io/eastwest-controller', EAST_WEST] as const] : [],
    ];
    this.controllers = new Map(known.map(([, name, controller]) => [name, controller]));
    // A class of another controller is unknown to istiod, as one without an object.
    const stated = objects.flatMap(({ metadata, spec: { controllerName = '' } = {} }) => {
      const controller = this.controllers.get(controllerName);
      return controller ? [[metadata.name, controller] as const] : [];
    });
    this.byName = new Map([...known.map(([name, , controller]) => [name, controller] as const), ...stated]);
  }

  /** The controller of a class; undefined if it is not one of Istio's. */
  public controllerOf(className: string): Controller | undefined {
    return this.byName.get(className);
  }

  /** Whether an object states a controller for a class that is not Istio's for waypoints or gateways. */
  public isOfAnotherController(className: string): boolean {
    const stated = this.objects.find(({ metadata }) => metadata.name === className)?.spec?.controllerName;
    return stated !== undefined && stated !== WAYPOINT_CONTROLLER && stated !== 'istio.io/gateway-controller';
  }
}

const WAYPOINT_CONTROLLER = 'istio.io/mesh-controller';
