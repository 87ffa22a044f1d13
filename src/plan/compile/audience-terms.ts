import type { MatchTerm } from '../../manifest/condition';
import { takesEverythingAt } from '../../manifest/match-algebra';
import { fieldsWith, HTTP_MATCH_FIELDS } from '../../traffic/match-fields';
import type { Audience } from '../model/audience';
import { canMeet } from '../model/audience';
import type { ServiceModel } from '../model/service-model';

const UNSEEN = fieldsWith(HTTP_MATCH_FIELDS, { mesh: 'nothing' });

/**
 * The alternatives that requests of an audience can meet. In the mesh, ports are omitted if together they are all HTTP ports of the service
 * and nothing else is required: every request meets one of them. Sidecars see no claims, so that no claim has a value there.
 */
export function audienceTerms(
  { httpPorts }: Pick<ServiceModel, 'httpPorts'>, terms: readonly MatchTerm[], audience: Audience,
): readonly MatchTerm[] {
  if (audience !== 'mesh') return terms.filter(term => canMeet(audience, term));
  const seen = terms.some(term => UNSEEN.some(field => term[field] !== undefined)) ? withoutUnseen(terms) : terms;
  const isOfPort = (term: MatchTerm) => term.port !== undefined && takesEverythingAt(term.port, term);
  const ports = new Set(seen.filter(isOfPort).map(({ port }) => port));
  if (ports.size === 0 || !httpPorts.every(port => ports.has(port))) return seen;
  return seen.map(term => (isOfPort(term) ? { ...term, port: undefined } : term));
}

/** The alternatives that need nothing that sidecars do not see, without the absences of it, which all of their requests meet. */
function withoutUnseen(terms: readonly MatchTerm[]): readonly MatchTerm[] {
  const isAbsence = (field: (typeof UNSEEN)[number]) => 'of' in HTTP_MATCH_FIELDS[field];
  const seen = terms.filter(term => UNSEEN.every(field => term[field] === undefined || isAbsence(field)));
  return seen.map(term => ({ ...term, ...Object.fromEntries(UNSEEN.map(field => [field, undefined])) }));
}
