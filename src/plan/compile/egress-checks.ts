import type { MatchTerm } from '../../manifest/condition';
import { fieldsWith, HTTP_MATCH_FIELDS } from '../../traffic/match-fields';
import type { EgressHop } from '../model/egress-hop';
import type { ServiceModel } from '../model/service-model';

/** Fields that distinguish callers. */
const OF_CALLERS = fieldsWith(HTTP_MATCH_FIELDS, { about: 'caller' });

/** Statements about requests with conditions that an egress gateway cannot check. */
export function egressErrors({ routes, cohorts, decorations }: ServiceModel, hop: EgressHop): string[] {
  const ofSome = (terms: readonly MatchTerm[] = []) => terms.some(term => OF_CALLERS.some(field => term[field] !== undefined));
  const statements = [...routes, ...cohorts, ...decorations.map(({ path, condition }) => ({ path, terms: condition?.terms }))];
  const named = statements.filter(({ terms }) => ofSome(terms)).map(({ path }) => path);
  const taken = routes.filter(route => route.id === hop.name)
    .map(route => `route ${route.path} has the name '${hop.name}' of the route to the egress gateway; use a different \`name\``);
  return [...new Set(named)].sort().map(path => `${path} applies only to some callers, but the egress gateway ${hop.path} cannot distinguish them; `
    + `omit ${OF_CALLERS.join(' and ')}, or call the dependency directly`).concat(taken);
}
