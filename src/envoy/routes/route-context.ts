import type { RetryDefaults } from './retry-policy';
import type { RoutePlace } from './route-match';
import type { Destination } from '../../manifest/istio-specs.generated';
import type { DestinationRule } from '../destination-rules';
import type { MeshConfig } from '../mesh-config';
import type { Note } from '../note';
import type { RouteOrigin } from '../proxy-config';
import type { Service } from '../service';
import type { Route } from '../xds/route';

/** What the routes of one listener of one proxy depend on. */
export interface RouteContext extends RoutePlace {
  readonly meshConfig: MeshConfig;
  readonly isTls: boolean;
  readonly retries: RetryDefaults;
  /** Whether a mirrored request keeps its Host header. */
  readonly keepsShadowHost: boolean;
  /** The name of a destination's cluster. @default - of the service as clients see it */
  readonly clusterOf?: (destination: Destination | undefined, port: number) => string;
  readonly service: (host: string) => Pick<Service, 'externalName' | 'ports'> | undefined;
  /** The DestinationRule that applies to a host. */
  readonly destinationRule: (host: string) => DestinationRule | undefined;
  readonly origins: Map<Route, RouteOrigin>;
  readonly notes: Note[];
}
