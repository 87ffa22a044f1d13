import type { MatchTerm } from '../../manifest/condition';
import { takesEverythingAt } from '../../manifest/match-algebra';
import type { Audience } from '../model/audience';
import { canMeet } from '../model/audience';
import type { ServiceModel } from '../model/service-model';

/**
 * The alternatives that requests of an audience can meet. In the mesh, ports are omitted if together they are all HTTP ports of the service
 * and nothing else is required: every request meets one of them.
 */
export function audienceTerms(
  { httpPorts }: Pick<ServiceModel, 'httpPorts'>, terms: readonly MatchTerm[], audience: Audience,
): readonly MatchTerm[] {
  if (audience !== 'mesh') return terms.filter(term => canMeet(audience, term));
  const isOfPort = (term: MatchTerm) => term.port !== undefined && takesEverythingAt(term.port, term);
  const ports = new Set(terms.filter(isOfPort).map(({ port }) => port));
  if (ports.size === 0 || !httpPorts.every(port => ports.has(port))) return terms;
  return terms.map(term => (isOfPort(term) ? { ...term, port: undefined } : term));
}
