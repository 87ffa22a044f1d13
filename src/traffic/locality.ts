import type { Problem } from './problem';

/**
 * The region that takes over when a region has no healthy endpoints.
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
 * Where the requests from one locality go.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#LocalityLoadBalancerSetting-Distribute
 */
export interface LocalityDistribution {
  /**
   * The locality of the caller, as region/zone/subzone. `eu-west/*` is a whole region; `*` is every other locality and must be the last
   * item.
   */
  readonly from: string;
  /** The share of each locality, in percent from 1 to 100. The sum must be 100. */
  readonly to: { readonly [locality: string]: number };
}

/**
 * Which localities serve a caller. A locality is the region, zone and subzone of a node or endpoint.
 *
 * @see https://istio.io/latest/docs/tasks/traffic-management/locality-load-balancing/
 */
export interface LocalityLoadBalancing {
  /**
   * Whether locality load balancing is on. `false` overrides MeshConfig, and cannot be combined with other fields.
   * @default - the value in MeshConfig, which is true by default
   */
  readonly enabled?: boolean;
  /**
   * Regions that take over for others. Requires outlier detection, which detects unhealthy endpoints. Cannot be combined with `distribute`.
   * @default - the nearest locality takes over
   */
  readonly failover?: LocalityFailover[];
  /**
   * Labels that rank endpoints, the most important first, such as `topology.kubernetes.io/region`: endpoints with the same value as the
   * caller come first. `key=value` prefers endpoints with that value instead. Requires outlier detection. Cannot be combined with
   * `distribute`.
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
 * Envoy's zone-aware routing: keeps requests in the zone of the caller as long as endpoints and callers are balanced across zones. Requires
 * istiod's `ENABLE_SELF_DISCOVERY`. Gateways in ambient mode do not support it.
 *
 * @see https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/upstream/load_balancing/zone_aware
 */
export interface ZoneAwareLoadBalancing {
  /**
   * Whether zone-aware routing is on. `false` overrides MeshConfig, and cannot be combined with other fields.
   * @default true
   */
  readonly enabled?: boolean;
  /**
   * Regions that take over for others. Requires outlier detection.
   * @default - any other region
   */
  readonly failover?: LocalityFailover[];
  /**
   * Labels that rank endpoints; the labels of region, zone and subzone are not allowed. Requires outlier detection.
   * @default - none
   */
  readonly failoverPriority?: string[];
  /**
   * The minimum number of endpoints for zone-aware routing.
   * @default - 6
   */
  readonly minClusterSize?: number;
}

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** Whether endpoints take over for others, which requires outlier detection. */
export function failsOver(locality: {
  readonly failover?: readonly unknown[];
  readonly failoverPriority?: readonly unknown[];
} | undefined): boolean {
  return (locality?.failover?.length ?? 0) > 0 || (locality?.failoverPriority?.length ?? 0) > 0;
}

/** The problem of locality load balancing. */
export function localityProblem(locality: LocalityLoadBalancing): Problem {
  const { enabled, failover, failoverPriority, distribute } = locality;
  const problem = switchProblem('locality', enabled, { failover, failoverPriority, distribute });
  if (problem) return problem;
  if (distribute && (failover || failoverPriority)) {
    return `locality sets distribute and ${failover ? 'failover' : 'failoverPriority'}, and Istio accepts only one; omit one of them`;
  }
  const label = failover && failoverPriority?.find(l => TOPOLOGY.includes(l.split('=')[0]));
  if (label !== undefined) {
    return `locality.failoverPriority contains '${label}' together with failover, which Istio rejects; omit failover, or remove that label`;
  }
  return failoverProblem('locality', failover) ?? priorityProblem('locality', failoverPriority) ?? distributeProblem(distribute);
}

/** The problem of zone-aware load balancing. */
export function zoneAwareProblem(zoneAware: ZoneAwareLoadBalancing): Problem {
  const { enabled, failover, failoverPriority, minClusterSize } = zoneAware;
  const problem = switchProblem('zoneAware', enabled, { failover, failoverPriority, minClusterSize });
  if (problem) return problem;
  const label = failoverPriority?.find(l => TOPOLOGY.includes(l.split('=')[0]));
  if (label !== undefined) {
    return `zoneAware.failoverPriority contains '${label}', which Istio rejects because zone-aware routing already uses it; remove it`;
  }
  if (minClusterSize !== undefined && (!Number.isInteger(minClusterSize) || minClusterSize < 1 || minClusterSize > 4294967295)) {
    return `zoneAware.minClusterSize is ${minClusterSize}; use an integer of at least 1`;
  }
  return failoverProblem('zoneAware', failover) ?? priorityProblem('zoneAware', failoverPriority);
}

function switchProblem(what: string, enabled: boolean | undefined, others: { readonly [field: string]: unknown }): Problem {
  const empty = Object.keys(others).find(field => Array.isArray(others[field]) && (others[field] as unknown[]).length === 0);
  if (empty !== undefined) return `${what}.${empty} is an empty list; add an item, or omit it`;
  const stated = Object.keys(others).filter(field => others[field] !== undefined);
  if (enabled === false && stated.length > 0) return `${what}.enabled is false, so Istio ignores ${stated.join(', ')}; omit one of them`;
  return enabled === undefined && stated.length === 0 ? `${what} is empty; set ${Object.keys(others)[0]} or enabled` : undefined;
}

function failoverProblem(what: string, failover: readonly LocalityFailover[] = []): Problem {
  for (const [i, { from, to }] of failover.entries()) {
    const bad = [from, to].find(region => region === '' || /[/*]/.test(region));
    if (bad !== undefined) return `${what}.failover[${i}] contains '${bad}', which is not a region; use a region, without zone or '*'`;
    if (from === to) return `${what}.failover[${i}] goes from '${from}' to itself; use another region`;
    if (failover.findIndex(f => f.from === from) !== i) {
      return `${what}.failover contains the region '${from}' twice, and Istio uses only the first; use it once`;
    }
  }
  return undefined;
}

function priorityProblem(what: string, labels: readonly string[] = []): Problem {
  for (const label of labels) {
    if (!/^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?(=[-A-Za-z0-9_.]*)?$/.test(label)) {
      return `${what}.failoverPriority '${label}' is not a label; use a label such as 'topology.kubernetes.io/region' or 'version=v1'`;
    }
    if (labels.filter(l => l === label).length > 1) return `${what}.failoverPriority contains '${label}' twice; use each label once`;
  }
  return undefined;
}

function distributeProblem(distribute: readonly LocalityDistribution[] = []): Problem {
  for (const [i, { from, to }] of distribute.entries()) {
    const what = `locality.distribute[${i}]`;
    const shares = Object.entries(to);
    const bad = shares.find(([, share]) => !Number.isInteger(share) || share < 1 || share > 100);
    if (bad) return `${what}.to['${bad[0]}'] is ${bad[1]}; use an integer percentage from 1 to 100, or omit the locality`;
    const total = shares.reduce((sum, [, share]) => sum + share, 0);
    if (total !== 100) return `${what}.to adds up to ${total} %; the shares of '${from}' must add up to 100 %`;
    const problem = localitiesProblem(`${what}.to`, shares.map(([locality]) => locality));
    if (problem) return problem;
  }
  const callers = distribute.map(d => d.from);
  // A last '*' is every other caller, because Istio uses the first item that matches.
  return localitiesProblem('locality.distribute from', callers[callers.length - 1] === '*' ? callers.slice(0, -1) : callers);
}

function localitiesProblem(what: string, localities: readonly string[]): Problem {
  const seen: string[][] = [];
  for (const locality of localities) {
    const parts = locality.split('/');
    if (parts.length > 3 || parts.some(part => part === '') || !/^[^*]*\*?$/.test(locality)) {
      return `${what} contains '${locality}', which is not a locality; use region/zone/subzone, with '*' only at the end`;
    }
    const own = parts.filter(part => part !== '*');
    const other = seen.find(s => s.every((part, n) => n >= own.length || part === own[n]));
    if (other) return `${what} contains '${locality}' and '${other.join('/') || '*'}', which overlap; use localities that do not overlap`;
    seen.push(own);
  }
  return undefined;
}
