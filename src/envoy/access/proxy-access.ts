import { customHttpFilters, httpAccessFilters, networkAccessFilters } from './access-filters';
import type { ExternalAuthorizer } from './external-authorizers';
import { externalAuthorizers } from './external-authorizers';
import { jwtFilter } from './jwt-filter';
import type { AccessFilters } from '../listeners/listener';
import type { Mesh } from '../mesh';
import type { Note } from '../note';
import type { Proxy } from '../proxy';

/** Makes the filters by which proxies of a mesh decide who may call. */
export class ProxyAccess {
  private authorizers?: ReadonlyMap<string, ExternalAuthorizer>;

  constructor(private readonly mesh: Mesh) {}

  /** The filters of a proxy, in the order in which they run: CUSTOM, tokens, AUDIT, DENY, ALLOW. */
  public of(proxy: Proxy, notes: Note[]): AccessFilters {
    const { authorizationPolicies, requestAuthentications, meshConfig: { trustDomain, trustDomainAliases = [] } } = this.mesh;
    const policies = authorizationPolicies.of(proxy);
    const tokens = jwtFilter(requestAuthentications.rulesOf(proxy, notes), proxy.type === 'gateway');
    if (policies.length === 0) return { http: tokens ? [tokens] : [], network: [] };
    this.authorizers ??= externalAuthorizers(this.mesh);
    const access = { policies, trustDomains: [trustDomain, ...trustDomainAliases], authorizers: this.authorizers };
    return {
      http: [...customHttpFilters(access), ...(tokens ? [tokens] : []), ...httpAccessFilters(access)],
      network: networkAccessFilters(access),
    };
  }
}
