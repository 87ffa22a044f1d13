import type { ConnectionTerm } from '../../manifest/condition';
import { isHostWithin } from '../../manifest/host-name';
import { CONNECTION_MATCH_FIELDS, fieldsWith } from '../../traffic/match-fields';
import type { Audience } from '../model/audience';
import { isFor } from '../model/audience';
import type { ServiceFacts } from '../model/service-facts';
import type { ConnectionRoute } from '../model/statements';

/** The names that callers in the mesh use for a service. A TLS client sends the name that it was configured with. */
export function namesOf({ host, inCluster }: ServiceFacts): readonly string[] {
  if (!inCluster) return [host];
  const [name, namespace, svc] = host.split('.');
  return [host, name, `${name}.${namespace}`, `${name}.${namespace}.${svc}`];
}

/** Fields that Istio ignores at a gateway. */
const UNSEEN = fieldsWith(CONNECTION_MATCH_FIELDS, { gateway: 'nothing' });

/** The terms of a route that an audience can meet. */
export function presentTerms(facts: ServiceFacts, route: ConnectionRoute, audience: Audience): readonly ConnectionTerm[] {
  if (!isFor(route, audience)) return [];
  const names = audience === 'mesh' ? namesOf(facts) : [audience.host];
  return route.terms
    .filter(term => audience === 'mesh' || UNSEEN.every(field => term[field] === undefined))
    .flatMap(term => {
      const sniHosts = term.sniHosts?.filter(sni => names.some(name => isHostWithin(sni, name)));
      if (sniHosts?.length === 0) return [];
      // All names together are not a condition.
      return [sniHosts && names.every(name => sniHosts.includes(name)) ? { ...term, sniHosts: undefined } : { ...term, sniHosts }];
    });
}
