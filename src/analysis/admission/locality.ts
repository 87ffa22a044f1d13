import type { Objection, Verdict } from './verdict';
import type { LocalityLoadBalancerSetting, OutlierDetection, ZoneAwareLoadBalancerSetting } from '../../manifest/istio-specs.generated';

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** What is wrong with localities that overlap: Istio could not tell which one applies. */
function localitiesProblem(localities: readonly string[]): Objection {
  const seen: string[][] = [];
  for (const locality of localities) {
    const stars = locality.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !locality.endsWith('*'))) {
      return [`'${locality}' has a wildcard before its end`, 'use one wildcard, at the end'];
    }
    if (seen.some(([region]) => region === '*')) return [`'${locality}' overlaps with '*'`, 'name each place once'];
    const parts = splitLocality(locality);
    if (parts.includes('')) return [`'${locality}' has an empty part`, 'write region, region/zone or region/zone/subzone'];
    if (seen.some(other => overlap(other, parts))) return [`'${locality}' overlaps with another locality`, 'name each place once'];
    seen.push(parts);
  }
  return undefined;
}

function splitLocality(locality: string): string[] {
  const [region, zone, ...rest] = locality.split('/');
  return [region, ...(zone === undefined ? [] : [zone]), ...(rest.length === 0 ? [] : [rest.join('/')])];
}

/**
 * Whether Istio takes two localities to overlap: a wider one after narrower ones overlaps with them, but a wildcard zone after single zones
 * does not.
 */
function overlap(earlier: readonly string[], later: readonly string[]): boolean {
  if (earlier[0] !== later[0]) return false;
  if (later.length === 1 || earlier.length === 1 || earlier[1] === '*') return true;
  if (earlier[1] !== later[1]) return false;
  return later.length === 2 || earlier.length === 2 || earlier[2] === '*' || earlier[2] === later[2];
}

type Failover = Pick<LocalityLoadBalancerSetting, 'failover' | 'failoverPriority'>;

function checkFailover(verdict: Verdict, { failover = [], failoverPriority = [] }: Failover, outlier: OutlierDetection | undefined,
  path: string): void {
  if ((failover.length > 0 || failoverPriority.length > 0) && outlier === undefined) {
    verdict.warn(path, ['has a failover without outlierDetection, so Envoy finds nothing unhealthy',
      'set outlierDetection beside loadBalancer']);
  }
  failover.forEach(({ from = '', to = '' }, i) => verdict.error(`${path}.failover[${i}]`,
    from === to ? [`goes from '${from}' to itself`, 'name another region'] : undefined,
    `${from}${to}`.includes('/') ? ['names more than a region', 'name the region alone'] : undefined,
    `${from}${to}`.includes('*') ? ['has a wildcard', 'name the region'] : undefined));
}

function weightsProblem(weights: readonly number[]): Objection {
  if (weights.some(weight => weight <= 0 || weight > 100)) return ['has a weight that is not from 1 to 100', 'correct it'];
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return sum === 100 ? undefined : [`has weights that sum to ${sum}`, 'make them sum to 100'];
}

/** Checks a preference for localities. */
export function checkLocality(verdict: Verdict, setting: LocalityLoadBalancerSetting, outlier: OutlierDetection | undefined,
  path: string): void {
  const { distribute = [], failover = [], failoverPriority = [] } = setting;
  if (distribute.length > 0 && failover.length > 0) {
    verdict.error(path, ['has distribute and failover', 'keep one of them']);
    return;
  }
  const topology = failoverPriority.find(label => TOPOLOGY.includes(label));
  if (failover.length > 0 && topology !== undefined) {
    verdict.error(path, [`has failover beside '${topology}' in failoverPriority`, 'keep one of them']);
    return;
  }
  for (const [i, { to = {} }] of distribute.entries()) {
    const wrong = weightsProblem(Object.values(to));
    verdict.error(`${path}.distribute[${i}].to`, wrong);
    if (wrong) return;
    verdict.error(`${path}.distribute[${i}].to`, localitiesProblem(Object.keys(to)));
  }
  verdict.error(`${path}.distribute`, localitiesProblem(distribute.map(({ from = '' }) => from)));
  checkFailover(verdict, setting, outlier, path);
}

/** Checks a preference for the own zone. */
export function checkZoneAware(verdict: Verdict, setting: ZoneAwareLoadBalancerSetting, outlier: OutlierDetection | undefined,
  path: string): void {
  setting.failoverPriority?.forEach((label, i) => {
    if (TOPOLOGY.includes(label)) {
      verdict.error(`${path}.failoverPriority[${i}]`, [`is '${label}', which Envoy compares anyway`, 'remove it']);
    }
  });
  checkFailover(verdict, setting, outlier, path);
}
