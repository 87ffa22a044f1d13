import { objectNameProblem } from '../traffic/name';
import type { Problem } from '../traffic/problem';
import type { ServicePort } from '../traffic/service-port';

/**
 * Options of the objects that a service or an external dependency has in the mesh: its VirtualService and its DestinationRule.
 */
export interface HostObjectsOptions {
  /**
   * The name of the mesh VirtualService.
   * @default - the name of the Service or ServiceEntry
   */
  readonly virtualServiceName?: string;
  /**
   * The name of the DestinationRule.
   * @default - the name of the Service or ServiceEntry
   */
  readonly destinationRuleName?: string;
  /**
   * Whether requests in the mesh that no TrafficRoute takes go to the service. If false, callers get 404.
   * @default true
   */
  readonly defaultRoute?: boolean;
  /**
   * Whether the routes of the only HTTP port have a condition on that port. If false, Istio also applies them to requests to the host on
   * port 80, if the proxy of the caller listens there for another service. A service with several HTTP ports always has the conditions.
   * @default true
   */
  readonly portConditions?: boolean;
  /**
   * Whether destinations in the mesh VirtualService that are this service name its port. If false, Istio takes its only port. Only without
   * `portConditions`.
   * @default true
   */
  readonly destinationPorts?: boolean;
}

/** The problem of the options for a host with these ports. */
export function hostObjectsProblem(
  options: HostObjectsOptions & { readonly ports: readonly ServicePort[] },
): Problem {
  const { virtualServiceName, destinationRuleName, portConditions, destinationPorts, ports } = options;
  const names = (virtualServiceName === undefined ? undefined : objectNameProblem('virtualServiceName', virtualServiceName))
    ?? (destinationRuleName === undefined ? undefined : objectNameProblem('destinationRuleName', destinationRuleName));
  if (names !== undefined || destinationPorts !== false) return names;
  if (portConditions !== false) return 'destinationPorts is false, but routes have a condition on the port; set portConditions to false, too';
  return ports.length > 1 ? `destinationPorts is false, but the service has ${ports.length} ports; omit it` : undefined;
}
