import { customHttpFilters, httpAccessFilters, networkAccessFilters } from './access-filters';
import type { AuthorizationPolicy } from './authorization-policies';
import type { ExternalAuthorizer } from './external-authorizers';
import { externalAuthorizers } from './external-authorizers';
import { jwtFilter } from './jwt-filter';
import type { AttachedService } from './policy-attachment';
import type { AccessFilters } from '../listeners/listener';
import type { Mesh } from '../mesh';
import type { Note } from '../note';
import type { Proxy } from '../proxy';
import type { HttpFilter } from '../xds/http-connection-manager';
import type { NetworkFilter } from '../xds/listener';

/** The filters of some policies, as far as tokens do not decide them. */
interface PolicyFilters {
  /** Those that run before tokens are verified, and those that run afterwards. */
  readonly custom: readonly HttpFilter[];
  readonly ordinary: readonly HttpFilter[];
  readonly network: readonly NetworkFilter[];
}

/** Makes the filters by which proxies of a mesh decide who may call. */
export class ProxyAccess {
  private authorizers?: ReadonlyMap<string, ExternalAuthorizer>;
  /** Most proxies of a namespace have the same policies. */
  private readonly known = new Map<readonly AuthorizationPolicy[], PolicyFilters>();

  private readonly ofTunnels = new Map<readonly AuthorizationPolicy[], PolicyFilters>();

  constructor(private readonly mesh: Mesh) {}

  /** The filters of a proxy, at a waypoint for one service, in the order in which they run: CUSTOM, tokens, AUDIT, DENY, ALLOW. */
  public of(proxy: Proxy, notes: Note[], service?: AttachedService): AccessFilters {
    const { authorizationPolicies, requestAuthentications } = this.mesh;
    const policies = authorizationPolicies.of(proxy, service);
    const tokens = jwtFilter(requestAuthentications.rulesOf(proxy, notes, service), proxy.type !== 'sidecar');
    if (policies.length === 0) return { http: tokens ? [tokens] : [], network: [] };
    const { custom, ordinary, network } = this.filtersOf(policies, proxy.type === 'waypoint');
    return { http: [...custom, ...(tokens ? [tokens] : []), ...ordinary], network };
  }

  private filtersOf(policies: readonly AuthorizationPolicy[], isTunneled: boolean): PolicyFilters {
    const memo = isTunneled ? this.ofTunnels : this.known;
    const known = memo.get(policies);
    if (known) return known;
    const { trustDomain, trustDomainAliases = [] } = this.mesh.meshConfig;
    this.authorizers ??= externalAuthorizers(this.mesh);
    const access = { policies, trustDomains: [trustDomain, ...trustDomainAliases], authorizers: this.authorizers, isTunneled };
    const filters = { custom: customHttpFilters(access), ordinary: httpAccessFilters(access), network: networkAccessFilters(access) };
    memo.set(policies, filters);
    return filters;
  }
}
