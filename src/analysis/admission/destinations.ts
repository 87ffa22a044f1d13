import { fqdnProblem, isDnsLabel, wildcardHostProblem } from './hosts';
import { portProblem } from './values';
import type { Objection, Verdict } from './verdict';
import type { Destination, RouteDestination } from '../../manifest/istio-specs.generated';

/** What is wrong with a destination, of a route or a mirror. */
export function destinationProblems({ host = '', subset = '', port }: Destination): Objection[] {
  return [
    host === '*' ? ['has the host \'*\'', 'name the service'] : wildcardHostProblem(host),
    subset === '' || isDnsLabel(subset) ? undefined : [`has the subset '${subset}', which is not a valid DNS label`,
      'use letters, digits and \'-\''],
    port === undefined ? undefined : portProblem(port.number),
  ];
}

/** Checks the destinations of a route, and their weights. */
export function checkDestinations(verdict: Verdict, destinations: readonly RouteDestination[] = [], path: string): void {
  destinations.forEach(({ destination, weight = 0 }, i) => {
    if (destination === undefined) verdict.error(`${path}[${i}]`, ['has no destination', 'set it']);
    else verdict.error(`${path}[${i}].destination`, ...destinationProblems(destination));
    if (weight < 0) verdict.error(`${path}[${i}].weight`, [`is ${weight}`, 'use 0 or more']);
  });
  const sum = destinations.reduce((total, { weight = 0 }) => total + weight, 0);
  if (destinations.length > 1 && sum === 0) verdict.error(path, ['has weights that sum to 0', 'set the weights']);
}

/**
 * Checks the names of Gateways in a VirtualService. As istiod does, it stops at the first name without a namespace, and does not warn of
 * old names in matches of HTTP and TCP.
 */
export function checkGatewayNames(verdict: Verdict, names: readonly string[] = [], path: string,
  options: { readonly quiet?: boolean } = {}): void {
  for (const [i, name] of names.entries()) {
    const slash = name.indexOf('/');
    if (slash < 0) {
      const [gateway, namespace] = name.split('.');
      if (namespace !== undefined && !options.quiet) {
        verdict.warn(`${path}[${i}]`, [`is '${name}', an old way to name a Gateway`, `write '${namespace}/${gateway}'`]);
      }
      verdict.error(`${path}[${i}]`, fqdnProblem(name));
      return;
    }
    for (const part of [name.slice(0, slash), name.slice(slash + 1)]) {
      if (!isDnsLabel(part)) {
        verdict.error(`${path}[${i}]`, [`is '${name}', in which '${part}' is not a valid DNS label`, 'write namespace/name']);
      }
    }
  }
}
