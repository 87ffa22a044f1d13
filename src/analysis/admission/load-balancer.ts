import { checkLocality, checkZoneAware } from './locality';
import { durationProblem } from './values';
import type { Verdict } from './verdict';
import { parseDuration } from '../../manifest/duration';
import type { ConsistentHashLB, LoadBalancerSettings, OutlierDetection, WarmupConfiguration } from '../../manifest/istio-specs.generated';

/** The largest table that Envoy makes. */
const LARGEST_TABLE = 5000011;

/** Whether Envoy takes a number for a prime: 1 is one, 0 is none. */
function isPrime(n: number): boolean {
  if (n !== 0 && n < 4) return true;
  if (n % 2 === 0) return false;
  for (let factor = 3; factor * factor <= n; factor += 2) {
    if (n % factor === 0) return false;
  }
  return true;
}

function checkCookie(verdict: Verdict, { httpCookie }: ConsistentHashLB, path: string): void {
  if (httpCookie === undefined) return;
  const { name: cookie = '', ttl, attributes = [] } = httpCookie;
  if (cookie === '') verdict.error(path, ['has no name', 'set it']);
  if (ttl !== undefined && parseDuration(ttl) === undefined) {
    verdict.error(`${path}.ttl`, [`is '${ttl}', which is not a valid duration`, 'write a duration, such as 1h; 0s makes a session cookie']);
  }
  const names = new Set<string>();
  attributes.forEach(({ name = '' }, i) => {
    if (name === '') verdict.error(`${path}.attributes[${i}]`, ['has no name', 'set it']);
    else if (names.has(name)) verdict.error(`${path}.attributes[${i}]`, [`repeats '${name}'`, 'use each attribute once']);
    names.add(name);
  });
}

function checkHash(verdict: Verdict, hash: ConsistentHashLB, path: string): void {
  const { minimumRingSize, maglev, ringHash } = hash;
  checkCookie(verdict, hash, `${path}.httpCookie`);
  if (minimumRingSize) {
    verdict.warn(`${path}.minimumRingSize`, ['is deprecated', 'use ringHash.minimumRingSize']);
    if (maglev !== undefined || ringHash !== undefined) {
      verdict.error(`${path}.minimumRingSize`, ['is set beside maglev or ringHash', 'remove it']);
    }
  }
  if (maglev === undefined) return;
  const { tableSize: size = 0 } = maglev;
  verdict.error(`${path}.maglev.tableSize`,
    size === 0 ? ['is missing', 'set a prime, such as 65537'] : undefined,
    size >= LARGEST_TABLE ? [`is ${size}`, `use less than ${LARGEST_TABLE}`] : undefined,
    isPrime(size) ? undefined : [`is ${size}, which is not a prime`, 'use a prime, such as 65537']);
}

function checkWarmup(verdict: Verdict, { duration, minimumPercent, aggression }: WarmupConfiguration, path: string): void {
  verdict.error(`${path}.duration`, duration === undefined ? ['is missing', 'set it'] : durationProblem(duration));
  if ((minimumPercent ?? 0) > 100) verdict.error(`${path}.minimumPercent`, [`is ${minimumPercent}`, 'use at most 100']);
  if ((aggression ?? 1) <= 0) verdict.error(`${path}.aggression`, [`is ${aggression}`, 'use more than 0']);
}

/** Checks a choice of load balancing. */
export function checkLoadBalancer(verdict: Verdict, balancer: LoadBalancerSettings, outlier: OutlierDetection | undefined,
  path: string): void {
  const { consistentHash, localityLbSetting: locality, zoneAwareLbSetting: zoneAware, warmup } = balancer;
  if (consistentHash !== undefined) checkHash(verdict, consistentHash, `${path}.consistentHash`);
  if (locality !== undefined && zoneAware !== undefined) {
    verdict.error(path, ['has localityLbSetting and zoneAwareLbSetting', 'keep one of them']);
  }
  if (locality !== undefined) checkLocality(verdict, locality, outlier, `${path}.localityLbSetting`);
  if (zoneAware !== undefined) checkZoneAware(verdict, zoneAware, outlier, `${path}.zoneAwareLbSetting`);
  if (warmup !== undefined) checkWarmup(verdict, warmup, `${path}.warmup`);
}
