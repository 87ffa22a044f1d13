import type { RetryDefaults } from './retry-policy';
import type { Place } from './route-match';
import type { MeshConfig } from '../mesh-config';
import type { Note } from '../note';
import type { Json, Origin, Route } from '../proxy-config';
import type { Service } from '../service';

/** What routes of one listener of one proxy are made with. */
export interface RouteContext extends Place {
  readonly meshConfig: MeshConfig;
  readonly isTls: boolean;
  readonly retries: RetryDefaults;
  /** Whether a mirrored request keeps its Host. */
  readonly keepsShadowHost: boolean;
  readonly service: (host: string) => Pick<Service, 'externalName' | 'ports'> | undefined;
  /** The DestinationRule that holds for a host. */
  readonly destinationRule: (host: string) => Json | undefined;
  readonly origins: Map<Route, Origin>;
  readonly notes: Note[];
}
