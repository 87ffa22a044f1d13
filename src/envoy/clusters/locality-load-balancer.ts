import type { LocalityEndpoints } from './load-assignment';
import { totalWeight } from './load-assignment';
import { groupBy } from '../../manifest/group-by';
import type {
  LoadBalancerSettings, LocalityDistribute, LocalityFailover, LocalityLoadBalancerSetting, ZoneAwareLoadBalancerSetting,
} from '../../manifest/istio-specs.generated';
import { isLocalityIn, localityDistance, parseLocality } from '../locality';
import type { MeshConfig } from '../mesh-config';
import type { Proxy } from '../proxy';
import type { Endpoint, Service, TrafficDistribution } from '../service';
import type { CommonLbConfig } from '../xds/cluster';
import type { Locality } from '../xds/core';

/** How localities are balanced: by Envoy per zone, or by priorities and weights that istiod sets. */
export type LocalityBalancing =
  | { readonly zoneAware: ZoneAwareLoadBalancerSetting }
  /** `forced`: priorities apply even without outlier detection. */
  | { readonly setting?: LocalityLoadBalancerSetting; readonly forced?: boolean };

const NONE: LocalityBalancing = Object.freeze({});

/** The labels by which Kubernetes' `trafficDistribution` prefers endpoints. */
const PREFERRED: { readonly [distribution in Exclude<TrafficDistribution, 'any'>]: readonly string[] } = {
  'same-zone': ['topology.istio.io/network', 'topology.kubernetes.io/region', 'topology.kubernetes.io/zone'],
  'same-node': [
    'topology.istio.io/network', 'topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone',
    'kubernetes.io/hostname',
  ],
};

/** The effective setting of a proxy. Waypoints know no zones of their own, so that a setting for zones does nothing there. */
export function localityBalancingOf(
  { type }: Proxy, stated: LoadBalancerSettings | undefined, service: Pick<Service, 'trafficDistribution'>, mesh: MeshConfig,
): LocalityBalancing {
  const balancing = localityBalancing(stated, service, mesh);
  return type === 'waypoint' && 'zoneAware' in balancing ? NONE : balancing;
}

/** The effective setting: the DestinationRule's, else the Service's `trafficDistribution`, else the mesh's. */
export function localityBalancing(
  stated: LoadBalancerSettings | undefined, { trafficDistribution }: Pick<Service, 'trafficDistribution'>, mesh: MeshConfig,
): LocalityBalancing {
  if (stated?.zoneAwareLbSetting) return { zoneAware: stated.zoneAwareLbSetting };
  if (stated?.localityLbSetting) return stated.localityLbSetting.enabled === false ? NONE : { setting: stated.localityLbSetting };
  if (trafficDistribution !== 'any') return { setting: { enabled: true, failoverPriority: PREFERRED[trafficDistribution] }, forced: true };
  if (mesh.zoneAwareLbSetting) return { zoneAware: mesh.zoneAwareLbSetting };
  return mesh.localityLbSetting.enabled === false ? NONE : { setting: mesh.localityLbSetting };
}

/** What decides among the localities of endpoints, without the localities themselves. Empty: the caller's own comes first. */
export type LocalityPreference = Pick<LocalityLoadBalancerSetting, 'distribute' | 'failover' | 'failoverPriority'>;

const OWN_FIRST: LocalityPreference = Object.freeze({});

/** The preference that {@link applyLocalities} applies; undefined for none. */
export function localityPreference(balancing: LocalityBalancing, detectsOutliers: boolean): LocalityPreference | undefined {
  const isZoneAware = 'zoneAware' in balancing;
  const setting: LocalityLoadBalancerSetting | undefined = isZoneAware ? balancing.zoneAware : balancing.setting;
  if (setting === undefined || (isZoneAware && setting.enabled === false)) return undefined;
  const { distribute, failover, failoverPriority } = setting;
  if (isStated(distribute)) return { distribute };
  if (!isZoneAware && !detectsOutliers && !balancing.forced) return undefined;
  if (!isStated(failover) && !isStated(failoverPriority)) return OWN_FIRST;
  return { ...(isStated(failover) ? { failover } : {}), ...(isStated(failoverPriority) ? { failoverPriority } : {}) };
}

/** The fields by which a cluster chooses among localities. */
export function localityFields(balancing: LocalityBalancing, detectsOutliers: boolean): CommonLbConfig | undefined {
  if ('zoneAware' in balancing) {
    const { enabled = true, minClusterSize } = balancing.zoneAware;
    return {
      zoneAwareLbConfig: {
        ...(enabled ? {} : { routingEnabled: {} }),
        ...(minClusterSize === undefined ? {} : { minClusterSize: `${minClusterSize}` as const }),
      },
    };
  }
  const { setting, forced } = balancing;
  const failsOver = (detectsOutliers || forced) && (isStated(setting?.failover) || isStated(setting?.failoverPriority));
  return failsOver || isStated(setting?.distribute) ? { localityWeightedLbConfig: {} } : undefined;
}

/** Sets the priorities and weights of localities that a proxy gets. `byLabels`: the localities that labels may divide. */
export function applyLocalities(
  localities: LocalityEndpoints[], balancing: LocalityBalancing, detectsOutliers: boolean, proxy: Proxy, byLabels = localities,
): LocalityEndpoints[] {
  const from = parseLocality(proxy.locality);
  if ('zoneAware' in balancing) {
    const { enabled = true, failoverPriority, failover } = balancing.zoneAware;
    if (!enabled) return localities;
    const prioritized = isStated(failoverPriority) ? byFailoverPriority(localities, byLabels, failoverPriority, proxy) : localities;
    return spread(prioritized, 3, locality => regionPriority(from, locality, failover));
  }
  const { setting, forced } = balancing;
  if (setting === undefined) return localities;
  if (isStated(setting.distribute)) return distributed(localities, setting.distribute, from);
  if (!detectsOutliers && !forced) return localities;
  if (!isStated(setting.failoverPriority)) return spread(localities, 5, locality => distancePriority(from, locality, setting.failover));
  const prioritized = byFailoverPriority(localities, byLabels, setting.failoverPriority, proxy);
  return isStated(setting.failover) ? spread(prioritized, 5, locality => distancePriority(from, locality, setting.failover)) : prioritized;
}

/** Whether priorities go by the labels of endpoints. */
export function goesByLabels(balancing: LocalityBalancing, detectsOutliers: boolean): boolean {
  if ('zoneAware' in balancing) return balancing.zoneAware.enabled !== false && isStated(balancing.zoneAware.failoverPriority);
  const { setting, forced } = balancing;
  return Boolean(detectsOutliers || forced) && !isStated(setting?.distribute) && isStated(setting?.failoverPriority);
}

function isStated<T>(list: readonly T[] | undefined): list is readonly T[] {
  return list !== undefined && list.length > 0;
}

/** Weights by the first `distribute` setting for the proxy's locality. Localities that it does not name get no traffic. */
function distributed(localities: LocalityEndpoints[], distribute: readonly LocalityDistribute[], from: Locality): LocalityEndpoints[] {
  const setting = distribute.find(each => isLocalityIn(from, each.from ?? ''));
  if (!setting) return localities;
  const left = new Set(localities);
  for (const [to, weight] of Object.entries(setting.to ?? {})) {
    const chosen = [...left].filter(({ locality }) => isLocalityIn(parseLocality(locality), to));
    const total = chosen.reduce((sum, each) => sum + each.weight, 0);
    for (const each of chosen) {
      left.delete(each);
      if (each.weight * weight > 0) each.weight = Math.ceil(each.weight * weight / total);
    }
  }
  for (const each of left) each.endpoints = [];
  return localities;
}

function distancePriority(from: Locality, to: Locality, failover: readonly LocalityFailover[] = []): number {
  const distance = localityDistance(from, to);
  if (distance < 3) return distance;
  const setting = failover.find(each => (each.from ?? '') === (from.region ?? ''));
  return setting && (to.region ?? '') !== (setting.to ?? '') ? 4 : 3;
}

function regionPriority(from: Locality, to: Locality, failover: readonly LocalityFailover[] = []): number {
  if (from.region === to.region) return 0;
  const setting = failover.find(each => (each.from ?? '') === (from.region ?? ''));
  return setting && (to.region ?? '') === (setting.to ?? '') ? 1 : 2;
}

/** Refines the priorities that are already set, and closes the gaps. */
function spread(localities: LocalityEndpoints[], steps: number, priorityOf: (locality: Locality) => number): LocalityEndpoints[] {
  for (const each of localities) each.priority = each.priority * steps + priorityOf(parseLocality(each.locality));
  return closeGaps(localities);
}

function closeGaps(localities: LocalityEndpoints[]): LocalityEndpoints[] {
  const priorities = [...new Set(localities.map(({ priority }) => priority))].sort((a, b) => a - b);
  for (const each of localities) each.priority = priorities.indexOf(each.priority);
  return localities;
}

/** Divides each locality by the number of leading labels that its endpoints share with the proxy. */
function byFailoverPriority(
  localities: LocalityEndpoints[], byLabels: readonly LocalityEndpoints[], labels: readonly string[], { labels: own = {} }: Proxy,
): LocalityEndpoints[] {
  if (Object.keys(own).length === 0 || byLabels.length === 0) return localities;
  return closeGaps(byLabels.flatMap(({ locality, endpoints }) => {
    const parts = groupBy(endpoints, endpoint => labelPriority(endpoint, labels, own));
    return [...parts].sort(([a], [b]) => a - b)
      .map(([priority, part]) => ({ locality, endpoints: part, weight: totalWeight(part), priority }));
  }));
}

/** A label may set the value to share, as `key=value`. Endpoints of another network come last. */
function labelPriority({ labels }: Endpoint, priorities: readonly string[], own: { readonly [key: string]: string }): number {
  let elsewhere = 0;
  for (const [place, text] of priorities.entries()) {
    const [key, ...values] = text.split('=');
    const wanted = values.length === 1 ? values[0] : own[key] ?? '';
    if (wanted === (labels[key] ?? '')) continue;
    if (place === 0 && text === 'topology.istio.io/network') elsewhere = priorities.length;
    else return priorities.length - place + elsewhere;
  }
  return elsewhere;
}
