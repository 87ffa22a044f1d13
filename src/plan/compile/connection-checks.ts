import { namesOf, presentTerms } from './connection-terms';
import { subsetProblem } from './service-checks';
import { haveOtherCallers } from '../../manifest/connection-algebra';
import { isCidrWithin } from '../../traffic/cidr';
import type { ConnectionEntry } from '../model/compiled-service';
import type { ServiceModel } from '../model/service-model';
import type { ConnectionRoute } from '../model/statements';
import { receiving } from '../model/target';

/** The errors of statements about the connections of a service, except their order. */
export function connectionErrors(service: ServiceModel, entries: readonly ConnectionEntry[]): string[] {
  return [
    ...service.connectionRoutes.flatMap(route => [
      ...receiving(route.targets).flatMap(share => subsetProblem(service, route.path, share.target) ?? []),
      ...placeErrors(service, route),
      ...addressErrors(service, route),
    ]),
    ...subnetErrors(entries),
    ...takenNameErrors(service, entries),
    ...splitErrors(service, entries),
  ];
}

/** Routes that no connection reaches: their names are not names of the service, or no exposure has their ports. */
function placeErrors(service: ServiceModel, route: ConnectionRoute): string[] {
  const errors: string[] = [];
  const exposures = service.connectionExposures.filter(exposure => route.ports.includes(exposure.port!));
  for (const audience of route.audiences ?? []) {
    if (audience !== 'mesh' && !exposures.some(exposure => exposure.host === audience)) {
      errors.push(`${route.path} has the audience of ${audience.path}, which does not expose port ${route.ports.join(', ')}; `
        + 'call exposeVia() with that port, or omit the audience');
    } else if (presentTerms(service.facts, route, audience).length === 0) {
      errors.push(`${route.path} matches no connection ${audience === 'mesh' ? 'in the mesh' : `of ${audience.host}`}; `
        + 'change its match, or its audiences');
    }
  }
  const names = [...namesOf(service.facts), ...exposures.map(exposure => exposure.host.host)];
  for (const [i, { sniHosts = [] }] of route.terms.entries()) {
    for (const sni of sniHosts) {
      const asked = { ...route, audiences: undefined, terms: [{ sniHosts: [sni] }] };
      const isKnown = ['mesh' as const, ...exposures.map(({ host }) => host)]
        .some(audience => presentTerms(service.facts, asked, audience).length > 0);
      if (!isKnown) {
        errors.push(`${route.path}: matches[${i}].sniHosts contains '${sni}', which is not a name of '${service.facts.host}'; `
          + `use one of ${names.join(', ')}`);
      }
    }
  }
  return errors;
}

/** The addresses of a dependency as a condition on it, for which Envoy would get two filter chains. */
function addressErrors({ facts: { addresses = [] } }: ServiceModel, { path, terms }: ConnectionRoute): string[] {
  const same = (subnet: string) => addresses.some(address => isCidrWithin(subnet, address) && isCidrWithin(address, subnet));
  return terms.flatMap(({ destinationSubnets = [] }) => destinationSubnets).filter(same)
    .map(subnet => `${path}: destinationSubnets contains '${subnet}', `
      + 'which is an address of the dependency itself and matches all its connections; omit it');
}

/** Envoy uses the filter chain with the longest prefix, in any order, and rejects a listener with two chains for one block. */
function subnetErrors(entries: readonly ConnectionEntry[]): string[] {
  const errors: string[] = [];
  const terms = entries.flatMap(({ at, route, terms: alternatives }) => alternatives.flatMap(term =>
    (term.destinationSubnets ?? []).map(subnet => ({ at, path: route!.path, term, subnet }))));
  for (const [i, first] of terms.entries()) {
    for (const second of terms.slice(i + 1)) {
      if (first.at !== second.at || haveOtherCallers(first.term, second.term)) continue;
      const wider = isCidrWithin(second.subnet, first.subnet);
      const who = first.path === second.path ? `${first.path} names` : `${first.path} and ${second.path} name`;
      if (wider && isCidrWithin(first.subnet, second.subnet)) {
        errors.push(`${who} destinationSubnets '${first.subnet}' twice for one caller, which Envoy rejects; use each block once`);
      } else if (wider && first.path !== second.path) {
        errors.push(`${first.path} comes before ${second.path}, `
          + `but Envoy uses the longer prefix '${second.subnet}' before '${first.subnet}', regardless of the order; `
          + 'make the match with the longer prefix the narrower one');
      }
    }
  }
  return errors;
}

/** A name below a wildcard that is also a public host itself: a gateway has one filter chain per name. */
function takenNameErrors({ connectionExposures }: ServiceModel, entries: readonly ConnectionEntry[]): string[] {
  return connectionExposures.flatMap(({ host, listener }) => entries
    .filter(({ at, route, protocol }) => protocol === 'tls' && at === listener && route)
    .flatMap(({ route, terms }) => terms.flatMap(({ sniHosts = [] }) => sniHosts)
      .filter(sni => sni !== host.host && host.siblings?.has(sni))
      .map(sni => `${route!.path} contains '${sni}', which is a separate public host on that gateway; `
        + 'omit it, or expose the service via that host')));
}

/** A split without effect, because routes match every connection. */
function splitErrors(service: ServiceModel, entries: readonly ConnectionEntry[]): string[] {
  if (service.httpPorts.length > 0 || entries.length === 0 || entries.some(({ route }) => !route)) return [];
  return service.splits.filter(split => split.route === undefined)
    .map(({ path }) => `${path} has no effect, because routes match every connection of '${service.facts.host}'; `
      + 'remove it, or add matches to the routes');
}
