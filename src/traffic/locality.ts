import type { Problem } from './problem';

/**
 * The region that takes over where a region has no healthy endpoints left.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting-Failover
 */
export interface LocalityFailover {
  /** The region of the caller, such as `eu-west`. */
  readonly from: string;
  /** The region that takes over. */
  readonly to: string;
}

/**
 * Where the requests of a locality go.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting-Distribute
 */
export interface LocalityDistribution {
  /** The locality of the caller, as region/zone/subzone; `eu-west/*` is all of a region, `*` every other one, stated last. */
  readonly from: string;
  /** The share of each locality, in percent from 1 to 100; together 100. */
  readonly to: { readonly [locality: string]: number };
}

/**
 * Which localities serve a caller. Locality is region, zone and subzone of the nodes or endpoints.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/
 */
export interface LocalityLoadBalancing {
  /**
   * Whether locality counts at all; `false` switches off what the mesh config says, and stands alone.
   * @default - what the mesh config says, Istio's own default is true
   */
  readonly enabled?: boolean;
  /**
   * Regions that take over for others. Needs outlier detection, which says who is healthy. Not beside `distribute`.
   * @default - the nearest locality takes over
   */
  readonly failover?: LocalityFailover[];
  /**
   * Labels by which endpoints that are like the caller are preferred, the most important first, such as `topology.kubernetes.io/region`;
   * `key=value` prefers endpoints with that value, whatever the caller's. Needs outlier detection. Not beside `distribute`.
   * @default - none
   */
  readonly failoverPriority?: string[];
  /**
   * The shares of localities, by the locality of the caller.
   * @default - the nearest locality serves
   */
  readonly distribute?: LocalityDistribution[];
}

/**
 * Keeps requests in the caller's zone as far as the zones' endpoints and callers balance: Envoy's own zone-aware routing. The proxies need
 * self-discovery of istiod's (`ENABLE_SELF_DISCOVERY`); gateways of ambient mesh do not know it.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/zone_aware
 */
export interface ZoneAwareLoadBalancing {
  /**
   * Whether it is on; `false` switches off what the mesh config says, and stands alone.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Regions that take over for others. Needs outlier detection.
   * @default - any other region
   */
  readonly failover?: LocalityFailover[];
  /**
   * Labels by which endpoints that are like the caller are preferred; none of region, zone or subzone. Needs outlier detection.
   * @default - none
   */
  readonly failoverPriority?: string[];
  /**
   * Endpoints below which zones do not count.
   * @default - 6
   */
  readonly minClusterSize?: number;
}

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Whether endpoints that outlier detection has to judge take over for others. */
export function failsOver(locality: { readonly failover?: readonly unknown[]; readonly failoverPriority?: readonly unknown[] } | undefined): boolean {
  return (locality?.failover?.length ?? 0) > 0 || (locality?.failoverPriority?.length ?? 0) > 0;
}

/** What is wrong with locality load balancing, if anything. */
export function localityProblem(locality: LocalityLoadBalancing): Problem {
  const { enabled, failover, failoverPriority, distribute } = locality;
  const problem = switchProblem('locality', enabled, { failover, failoverPriority, distribute });
  if (problem) return problem;
  if (distribute && (failover || failoverPriority)) {
    return `locality states distribute beside ${failover ? 'failover' : 'failoverPriority'}, of which Istio takes one; leave one out`;
  }
  const label = failover && failoverPriority?.find(l => TOPOLOGY.includes(l.split('=')[0]));
  if (label !== undefined) return `locality.failoverPriority names '${label}' beside failover, which Istio rejects; leave failover out, or that label`;
  return failoverProblem('locality', failover) ?? priorityProblem('locality', failoverPriority) ?? distributeProblem(distribute);
}

/** What is wrong with zone-aware load balancing, if anything. */
export function zoneAwareProblem(zoneAware: ZoneAwareLoadBalancing): Problem {
  const { enabled, failover, failoverPriority, minClusterSize } = zoneAware;
  const problem = switchProblem('zoneAware', enabled, { failover, failoverPriority, minClusterSize });
  if (problem) return problem;
  const label = failoverPriority?.find(l => TOPOLOGY.includes(l.split('=')[0]));
  if (label !== undefined) return `zoneAware.failoverPriority names '${label}', which zone-aware routing keeps by itself and Istio rejects; leave it out`;
  if (minClusterSize !== undefined && (!Number.isInteger(minClusterSize) || minClusterSize < 1 || minClusterSize > 4294967295)) {
    return `zoneAware.minClusterSize is ${minClusterSize}; use a whole number of at least 1`;
  }
  return failoverProblem('zoneAware', failover) ?? priorityProblem('zoneAware', failoverPriority);
}

function switchProblem(what: string, enabled: boolean | undefined, others: { readonly [field: string]: unknown }): Problem {
  const empty = Object.keys(others).find(field => Array.isArray(others[field]) && (others[field] as unknown[]).length === 0);
  if (empty !== undefined) return `${what}.${empty} is an empty list; leave it out, or state something`;
  const stated = Object.keys(others).filter(field => others[field] !== undefined);
  if (enabled === false && stated.length > 0) return `${what}.enabled is false beside ${stated.join(', ')}, which Istio then ignores; leave one out`;
  return enabled === undefined && stated.length === 0 ? `${what} is empty; state ${Object.keys(others)[0]} or enabled` : undefined;
}

function failoverProblem(what: string, failover: readonly LocalityFailover[] = []): Problem {
  for (const [i, { from, to }] of failover.entries()) {
    const bad = [from, to].find(region => region === '' || /[/*]/.test(region));
    if (bad !== undefined) return `${what}.failover[${i}] names '${bad}', which is no region; use the region alone, without zone or '*'`;
    if (from === to) return `${what}.failover[${i}] leads from '${from}' to itself; name another region`;
    if (failover.findIndex(f => f.from === from) !== i) return `${what}.failover names the region '${from}' twice, and Istio takes the first; state it once`;
  }
  return undefined;
}

function priorityProblem(what: string, labels: readonly string[] = []): Problem {
  for (const label of labels) {
    if (!/^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?(=[-A-Za-z0-9_.]*)?$/.test(label)) {
      return `${what}.failoverPriority '${label}' is not a label; use such as 'topology.kubernetes.io/region' or 'version=v1'`;
    }
    if (labels.filter(l => l === label).length > 1) return `${what}.failoverPriority names '${label}' twice; name each label once`;
  }
  return undefined;
}

function distributeProblem(distribute: readonly LocalityDistribution[] = []): Problem {
  for (const [i, { from, to }] of distribute.entries()) {
    const what = `locality.distribute[${i}]`;
    const shares = Object.entries(to);
    const bad = shares.find(([, share]) => !Number.isInteger(share) || share < 1 || share > 100);
    if (bad) return `${what}.to['${bad[0]}'] is ${bad[1]}; use a whole percentage from 1 to 100, or leave the locality out`;
    const total = shares.reduce((sum, [, share]) => sum + share, 0);
    if (total !== 100) return `${what}.to adds up to ${total} %; the shares of '${from}' have to be 100 % together`;
    const problem = localitiesProblem(`${what}.to`, shares.map(([locality]) => locality));
    if (problem) return problem;
  }
  const callers = distribute.map(d => d.from);
  // A last '*' stands for every other caller: Istio takes the first that fits.
  return localitiesProblem('locality.distribute from', callers[callers.length - 1] === '*' ? callers.slice(0, -1) : callers);
}

function localitiesProblem(what: string, localities: readonly string[]): Problem {
  const seen: string[][] = [];
  for (const locality of localities) {
    const parts = locality.split('/');
    if (parts.length > 3 || parts.some(part => part === '') || !/^[^*]*\*?$/.test(locality)) {
      return `${what} names '${locality}', which is no locality; use region/zone/subzone, with '*' at the end alone`;
    }
    const own = parts.filter(part => part !== '*');
    const other = seen.find(s => s.every((part, n) => n >= own.length || part === own[n]));
    if (other) return `${what} names '${locality}' beside '${other.join('/') || '*'}', which overlaps; use localities of which none lies inside another`;
    seen.push(own);
  }
  return undefined;
}
