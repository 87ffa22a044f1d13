import { applicationSettings } from '../../diff/application-settings';
import { connectionManagerOf, filterChainsOf } from '../../envoy/filter-chains';
import type { InboundConfig } from '../../envoy/proxy-config';
import type { Cluster } from '../../envoy/xds/cluster';
import type { TypedExtensionConfig } from '../../envoy/xds/core';
import type { HttpFilter } from '../../envoy/xds/http-connection-manager';
import type { FilterChain, NetworkFilter } from '../../envoy/xds/listener';
import type { Rbac, RbacRules } from '../../envoy/xds/rbac';
import type { Line } from '../line';
import { line, separated, styled } from '../line';
import { table } from '../table';

/** The port of the listener itself, whose chain drops connections. */
const BLACKHOLE = '15006';

/** What the inbound listeners of a sidecar take, how it calls the application, and the filters that decide who may call. */
export function inboundExplanation({ listeners, clusters }: InboundConfig): Line[] {
  const chains = listeners.flatMap(listener => filterChainsOf(listener).map(chain => ({ listener: listener.name, chain })));
  const isOfRequests = (chain: FilterChain) => connectionManagerOf(chain) !== undefined;
  const rows = chains.map(({ listener, chain }) => (
    [listener, portOf(chain), connectionsOf(chain), isOfRequests(chain) ? 'requests' : 'bytes', whereTo(chain)]));
  const ofRequests = chains.find(({ chain }) => isOfRequests(chain));
  const ofBytes = chains.find(({ chain }) => !isOfRequests(chain) && portOf(chain) !== BLACKHOLE);
  return separated([
    table([['LISTENER', 'PORT', 'CONNECTIONS', 'AS', 'TO'], ...rows]),
    table([['CLUSTER', 'ENDPOINT', 'CONNECTIONS', 'LIMITS'], ...clusters.map(applicationRow)]),
    ...(ofRequests ? filterBlock('Requests', connectionManagerOf(ofRequests.chain)?.httpFilters ?? []) : []),
    ...(ofBytes ? filterBlock('Other connections', ofBytes.chain.filters ?? []) : []),
  ]);
}

/** How the sidecar calls the application, for one of its clusters. */
function applicationRow(cluster: Cluster): string[] {
  const { endpoints = '', connections = '', limits = 'none' } = applicationSettings(cluster);
  return [cluster.name, endpoints, connections, limits];
}

function portOf({ filterChainMatch }: FilterChain): string {
  return filterChainMatch?.destinationPort === undefined ? 'any other' : String(filterChainMatch.destinationPort);
}

function connectionsOf({ filterChainMatch = {}, transportSocket }: FilterChain): string {
  const { transportProtocol, applicationProtocols = [] } = filterChainMatch;
  const unended = { tls: 'TLS of the application', raw_buffer: 'plaintext' }[transportProtocol ?? ''] ?? 'any';
  const kind = transportSocket ? 'mutual TLS' : unended;
  return applicationProtocols.length === 0 ? kind : `${kind}, ${applicationProtocols.join(' or ')}`;
}

function whereTo(chain: FilterChain): string {
  const route = connectionManagerOf(chain)?.routeConfig?.virtualHosts?.[0]?.routes?.[0]?.route;
  const proxy = chain.filters?.find(filter => filter.name === 'envoy.filters.network.tcp_proxy')?.typedConfig;
  return route?.cluster ?? (proxy && 'cluster' in proxy ? proxy.cluster : undefined) ?? '';
}

/** The filters that decide about one kind of traffic, in the order in which they run. */
function filterBlock(what: string, filters: readonly (HttpFilter | NetworkFilter)[]): Line[][] {
  const lines = filters.flatMap(filter => filterLines(filter));
  if (lines.length === 0) return [[line`${styled(what, 'bold')}: every caller is allowed`]];
  return [[line`${styled(what, 'bold')} pass these filters, in this order`, ...lines]];
}

function filterLines({ name, typedConfig }: TypedExtensionConfig): Line[] {
  const config: object = typedConfig;
  if (name.endsWith('.rbac')) return rbacLines(name, config as RbacRules);
  if (name.endsWith('.jwt_authn')) {
    const { providers = {} } = config as { readonly providers?: { readonly [name: string]: { readonly issuer?: string } } };
    return [`  ${name}: tokens of ${Object.values(providers).map(({ issuer = '' }) => issuer).join(', ')}`];
  }
  return name.endsWith('.ext_authz') ? [`  ${name}: asks the external authorizer about requests that match a CUSTOM policy`] : [];
}

function rbacLines(filter: string, { rules, shadowRules, shadowRulesStatPrefix = '' }: RbacRules): Line[] {
  const recording = shadowRulesStatPrefix.startsWith('istio_ext_authz_') ? 'rules of CUSTOM policies' : 'dry run';
  return [...(rules ? actionLines(filter, rules, '') : []), ...(shadowRules ? actionLines(filter, shadowRules, `, ${recording}`) : [])];
}

function actionLines(filter: string, { action = 'ALLOW', policies = {} }: Rbac, how: string): Line[] {
  const names = Object.keys(policies);
  const none = action === 'ALLOW' ? 'no rule, so that every caller is denied' : 'no rule';
  return [line`  ${filter}: ${styled(action, 'cyan')}${how}`, ...(names.length === 0 ? [none] : names).map(name => `     ${name}`)];
}
