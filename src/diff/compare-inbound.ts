import { applicationSettings } from './application-settings';
import type { Change, Risk } from './change';
import { describeDestination } from './destination';
import { fieldWords } from './field-words';
import type { ProxyTraffic } from './proxy-traffic';
import { reachedDestinations } from './used-clusters';
import { connectionManagerOf, filterChainsOf } from '../envoy/filter-chains';
import { INBOUND_PASSTHROUGH, inboundClusterName } from '../envoy/inbound/inbound-clusters';
import type { Proxy } from '../envoy/proxy';
import type { InboundConfig } from '../envoy/proxy-config';
import type { Translator } from '../envoy/translator';
import type { FilterChain } from '../envoy/xds/listener';

/** What the sidecars of pods do with the connections to a port, beside deciding who may call. */
type InboundAspect = 'takes' | 'reads' | 'endpoints' | 'limits' | 'connections';

const RISK: { readonly [A in InboundAspect]: Risk } = {
  takes: 'high', reads: 'medium', endpoints: 'high', limits: 'medium', connections: 'medium',
};
const ASPECTS = Object.keys(RISK) as readonly InboundAspect[];

const LABELS: { readonly [A in InboundAspect]: string } = {
  takes: 'accept', reads: 'read', endpoints: 'application', limits: 'limits', connections: 'connections',
};

type InboundSettings = { readonly [A in InboundAspect]: string };

/** The pods of one side, and what their sidecars do with the connections to them. */
export class InboundSides {
  private readonly configs = new Map<string, InboundConfig>();
  private readonly known = new Map<string, InboundSettings | undefined>();
  /** By the clusters, which pods with the same configuration share. */
  private readonly read = new Map<InboundConfig['clusters'], Map<number, InboundSettings>>();

  public constructor(private readonly translator: Translator, private readonly hasNoSidecar: (proxy: Proxy) => boolean = () => false) {}

  /** The settings of the sidecars behind a port of a host; undefined if the input has none. */
  public of(host: string, port: number): InboundSettings | undefined {
    const key = `${host}|${port}`;
    if (!this.known.has(key)) this.known.set(key, this.either(host, port));
    return this.known.get(key);
  }

  private either(host: string, port: number): InboundSettings | undefined {
    const takers = this.translator.takersAt(host, port).filter(({ proxy }) => !this.hasNoSidecar(proxy));
    const all = [...new Set(takers.map(taker => this.settings(this.configOf(taker.proxy), taker.port)))];
    if (all.length < 2) return all[0];
    const either = (aspect: InboundAspect) => [...new Set(all.map(settings => settings[aspect]))].sort().join(' or ');
    return {
      takes: either('takes'), reads: either('reads'), endpoints: either('endpoints'), limits: either('limits'), connections: either('connections'),
    };
  }

  private settings(config: InboundConfig, port: number): InboundSettings {
    const known = this.read.get(config.clusters) ?? new Map<number, InboundSettings>();
    this.read.set(config.clusters, known);
    const settings = known.get(port) ?? settingsAt(config, port);
    known.set(port, settings);
    return settings;
  }

  private configOf(proxy: Proxy): InboundConfig {
    const key = JSON.stringify(proxy);
    const config = this.configs.get(key) ?? this.translator.inbound(proxy);
    this.configs.set(key, config);
    return config;
  }
}

function settingsAt({ listeners, clusters }: InboundConfig, port: number): InboundSettings {
  const chains = listeners.flatMap(filterChainsOf);
  const own = chains.filter(({ filterChainMatch }) => filterChainMatch?.destinationPort === port);
  const bound = listeners.filter(({ address }) => address?.socketAddress?.portValue === port).flatMap(filterChainsOf);
  const others = chains.filter(({ filterChainMatch }) => filterChainMatch?.destinationPort === undefined);
  const taking = [own, bound].find(found => found.length > 0) ?? others;
  const takes = taking.some(({ transportSocket }) => transportSocket) ? 'mutual TLS' : 'no mutual TLS';
  const named = (wanted: string) => clusters.find(({ name }) => name === wanted);
  const cluster = named(inboundClusterName(port)) ?? named(INBOUND_PASSTHROUGH);
  const { endpoints = '', limits = 'none', connections = '' } = cluster ? applicationSettings(cluster) : {};
  return { takes, reads: [...new Set(taking.map(readsOf))].sort().join(' or '), endpoints, limits, connections };
}

/** Whether a chain reads requests, and what it does with them that callers notice. */
function readsOf(chain: FilterChain): string {
  const manager = connectionManagerOf(chain);
  if (manager === undefined) return 'bytes';
  const { retryPolicy } = manager.routeConfig?.virtualHosts?.[0]?.routes?.[0]?.route ?? {};
  return `requests${retryPolicy === undefined ? '' : `, with retries (${fieldWords(retryPolicy)})`}`;
}

/**
 * Ports that get requests before and after, and of which the sidecars of the pods do something else with them. What a DestinationRule sets
 * for callers and for the pods alike is a change for the callers only.
 */
export function compareInbound(
  old: InboundSides, now: InboundSides, before: ProxyTraffic, after: ProxyTraffic, told: readonly Change[],
): Change[] {
  const known = new Set(told.map(change => `${change.kind} ${change.host} ${change.port}`));
  const changedAt = (host: string, port: number) => {
    const [was, is] = [old.of(host, port), now.of(host, port)];
    return was && is ? ASPECTS.filter(aspect => was[aspect] !== is[aspect] && !known.has(`${aspect} ${host} ${port}`)) : [];
  };
  const destinations = reachedDestinations(({ host, port }) => port !== undefined && changedAt(host, port).length > 0, before, after);
  const ports = new Map(destinations.map(({ host, port = 0 }) => [`${host}|${port}`, { host, port }]));
  return [...ports.values()].flatMap(({ host, port }) => changedAt(host, port).map((aspect): Change => ({
    kind: 'inbound',
    risk: RISK[aspect],
    host,
    port,
    destination: describeDestination({ host, port }),
    before: `${LABELS[aspect]}: ${old.of(host, port)![aspect]}`,
    after: `${LABELS[aspect]}: ${now.of(host, port)![aspect]}`,
  })));
}
