import type { MatchTerm } from '../../manifest/match-algebra';
import type { EgressHop } from '../model/egress-hop';
import type { ServiceModel } from '../model/service-model';

/** What is stated about requests that an egress gateway cannot know. */
export function egressErrors({ routes, cohorts, decorations }: ServiceModel, hop: EgressHop): string[] {
  const ofSome = (terms: readonly MatchTerm[] = []) => terms.some(term => term.sourceLabels || term.sourceNamespace !== undefined);
  const statements = [...routes, ...cohorts, ...decorations.map(({ path, condition }) => ({ path, terms: condition?.terms }))];
  const named = statements.filter(({ terms }) => ofSome(terms)).map(({ path }) => path);
  const taken = routes.filter(route => route.id === hop.name)
    .map(route => `route ${route.path} has the name '${hop.name}', which is that of the route to the egress gateway; state another \`name\``);
  return [...new Set(named)].sort().map(path => `${path} is about some callers only, whom the egress gateway ${hop.path} cannot tell apart; `
    + 'leave sourceLabels and sourceNamespace out, or let the dependency leave directly').concat(taken);
}
