import { fqdnProblem, isDnsLabel, wildcardHostProblem } from './hosts';
import { portProblem } from './values';
import type { Objection, Verdict } from './verdict';
import type { Fields } from '../fields';
import { items } from '../fields';

/** A destination, of a route or a mirror; none is none of this check's business. */
export function destinationProblems(destination: Fields): Objection[] {
  if (destination === undefined) return [];
  const { host = '', subset = '', port } = destination;
  return [
    host === '*' ? ['has the host \'*\'', 'name the service'] : wildcardHostProblem(host),
    subset === '' || isDnsLabel(subset) ? undefined : [`names the subset '${subset}', which is no DNS label`, 'use letters, digits and \'-\''],
    port === undefined ? undefined : portProblem(port.number),
  ];
}

/** The destinations of a route, and their shares. */
export function checkDestinations(verdict: Verdict, destinations: Fields, path: string): void {
  const list = items(destinations);
  list.forEach(({ destination, weight }, i) => {
    if (destination === undefined) verdict.error(`${path}[${i}]`, ['names no destination', 'state it']);
    verdict.error(`${path}[${i}].destination`, ...destinationProblems(destination));
    if (weight < 0) verdict.error(`${path}[${i}].weight`, [`is ${weight}`, 'use 0 or more']);
  });
  const sum = list.reduce((total, { weight }) => total + Number(weight ?? 0), 0);
  if (list.length > 1 && sum === 0) verdict.error(path, ['splits the traffic with weights that sum to 0', 'state the weights']);
}

/**
 * References of a VirtualService to Gateways. As istiod does, names behind one without a namespace are not looked at, and nothing is said of old ways in matches of
 * HTTP and TCP.
 */
export function checkGatewayNames(verdict: Verdict, names: Fields, path: string, options: { readonly quiet?: boolean } = {}): void {
  if (names === undefined) return;
  for (const [i, name] of (items(names) as readonly string[]).entries()) {
    const slash = name.indexOf('/');
    if (slash < 0) {
      const [gateway, namespace] = name.split('.');
      if (namespace !== undefined && !options.quiet) verdict.warn(`${path}[${i}]`, [`is '${name}', an old way to name a Gateway`, `write '${namespace}/${gateway}'`]);
      verdict.error(`${path}[${i}]`, fqdnProblem(name));
      return;
    }
    for (const part of [name.slice(0, slash), name.slice(slash + 1)]) {
      if (!isDnsLabel(part)) verdict.error(`${path}[${i}]`, [`is '${name}', in which '${part}' is no name`, 'write namespace/name']);
    }
  }
}
