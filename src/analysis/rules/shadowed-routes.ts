import { groupBy } from '../../manifest/group-by';
import { HostIndex } from '../../manifest/host-name';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { byAge } from '../../manifest/kubernetes-object';
import type { MatchTerm } from '../../manifest/match-algebra';
import { delegations } from '../delegations';
import { items, texts } from '../fields';
import type { Listening } from '../listening';
import { bindOf, layerOf, listening, proxiesOf } from '../listening';
import type { PlacedTerm } from '../placed-terms';
import { EarlierTerms, placedTerms } from '../placed-terms';
import { isCatchAll } from '../terms';
import type { TrafficIndex } from '../traffic-index';
import type { TrafficRule } from '../traffic-rule';

/** A VirtualService at a Gateway. */
interface Served {
  readonly object: KubernetesObject;
  /** `namespace/name` of the Gateway. */
  readonly key: string;
  readonly gateway?: KubernetesObject;
}

/** A server of HTTP without TLS: its routes stand in one table with those of all others at its port. */
class PlainServer {
  private readonly scopes = new Map<string, HostIndex<true>>();
  private readonly tables: readonly string[];

  public constructor(index: TrafficIndex, one: Listening) {
    this.tables = proxiesOf(index, one.object).map(proxy => `${proxy} ${one.server.port?.number} ${bindOf(one)}`);
    for (const written of texts(one.server.hosts)) {
      const slash = written.indexOf('/');
      const scope = slash < 0 ? '*' : written.slice(0, slash) === '.' ? index.namespaceOf(one.object) : written.slice(0, slash);
      const hosts = this.scopes.get(scope) ?? new HostIndex<true>();
      hosts.set(written.slice(slash + 1), true);
      this.scopes.set(scope, hosts);
    }
  }

  /** The tables in which a namespace's routes for a host stand. */
  public tablesOf(host: string, namespace: string): readonly string[] {
    return ['*', namespace].some(scope => this.scopes.get(scope)?.mostSpecific(host)) ? this.tables : [];
  }
}

/** VirtualServices that share a host on a Gateway, or in a table of several Gateways, in Istio's order. */
function sharedHosts(index: TrafficIndex): (readonly Served[])[] {
  const plain = groupBy(listening(index).filter(one => layerOf(one) === 'http'), ({ object }) => index.nameOf(object));
  const servers = new Map([...plain].map(([key, all]) => [key, all.map(one => new PlainServer(index, one))]));
  const bound = index.of('VirtualService').flatMap(object => index.gatewaysOf(object).flatMap(({ key, gateway }) => (
    texts(object.spec?.hosts).map(host => ({ object, key, host, ...(gateway && { gateway }) })))));
  const onOne = groupBy(bound, ({ key, host }) => `${key} ${host}`);
  const inTables = groupBy(
    bound.flatMap(served => (servers.get(served.key) ?? []).flatMap(server => (
      server.tablesOf(served.host, index.namespaceOf(served.object)).map(table => ({ served, table: `${table} ${served.host}` }))))), ({ table }) => table);
  const groups = [...inTables.values()].map(group => group.map(({ served }) => served));
  const ofSeveral = groups.filter(group => new Set(group.map(({ key }) => key)).size > 1);
  return [...onOne.values(), ...ofSeveral].filter(group => group.length > 1).map(group => [...group].sort(byGateway));
}

/** Istio takes Gateway after Gateway, and at each the VirtualServices in the order of age. */
function byGateway(a: Served, b: Served): number {
  return (a.gateway && b.gateway && a.gateway !== b.gateway ? byAge(a.gateway, b.gateway) : 0) || byAge(a.object, b.object);
}

interface ServedTerm extends PlacedTerm {
  readonly key: string;
}

/** What a Gateway gets of a VirtualService. */
function servedTerms(index: TrafficIndex, { object, key }: Served): ServedTerm[] {
  const isServed = (names: readonly string[]) => (
    names.length === 0 || index.gatewaysIn(names, index.namespaceOf(object), '').some(reference => reference.key === key));
  return placedTerms(object).filter(({ match }) => isServed(texts(match.gateways))).map(placed => ({ ...placed, key }));
}

function describe({ uri }: MatchTerm): string {
  const path = uri?.exact ?? uri?.prefix ?? uri?.regex;
  return path === undefined ? 'its requests' : `'${path}'`;
}

const shadowedGatewayRoute: TrafficRule = {
  id: 'shadowed-gateway-route',
  codes: ['KIA1106'],
  severity: 'warning',
  title: 'A route of a Gateway stands behind one of an older VirtualService that takes its requests',
  check(index, report) {
    const told = new Set<string>();
    const delegates = new Map(delegations(index).map(({ rule, delegate }) => [rule, delegate]));
    // A delegate may take less than the rule that leads to it.
    const isWhole = ({ rule }: PlacedTerm) => !rule.delegate || items(delegates.get(rule)?.spec?.http).some(own => items(own.match).length === 0);
    for (const group of sharedHosts(index)) {
      // Istio appends the routes in the order of age, and moves those that take everything to the end.
      const terms = group.flatMap(served => servedTerms(index, served));
      const seen = new EarlierTerms<ServedTerm>();
      for (const one of [...terms.filter(({ term }) => !isCatchAll(term)), ...terms.filter(({ term }) => isCatchAll(term))]) {
        const before = seen.over(one, other => other.object !== one.object);
        if (isWhole(one)) seen.add(one);
        const place = `${index.nameOf(one.object)} ${one.path}`;
        if (!before || told.has(place)) continue;
        told.add(place);
        const where = before.key === one.key ? 'for the same host and Gateway' : `for the same host on Gateway ${before.key}, which has the same port of the same proxy`;
        const order = before.key === one.key ? 'by age, or by name if both are made together' : 'by the age of the Gateways, or by their names if both are made together';
        report(one.object, one.path, `VirtualService ${index.nameOf(before.object)} is ${where}, and its rule for ${describe(before.term)} comes first (${order}): it takes ${isCatchAll(one.term) ? 'everything that this rule is for' : `${describe(one.term)} too`}`,
          'put the rules of the host into one VirtualService with the narrower first, or make their paths exclude each other');
      }
    }
  },
};

/** Rules about routes of several VirtualServices in one table of a gateway. */
export const SHADOWED_ROUTE_RULES: readonly TrafficRule[] = [shadowedGatewayRoute];
