import { durationProblem } from './values';
import type { Objection, Verdict } from './verdict';
import { parseDuration } from '../../manifest/duration';
import type { Fields } from '../fields';
import { entries, items, texts } from '../fields';

const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];
/** The largest table that Envoy makes. */
const LARGEST_TABLE = 5000011;

/** As Envoy decides it, which takes 1 for one and 0 for none. */
function isPrime(n: number): boolean {
  if (n !== 0 && n < 4) return true;
  if (n % 2 === 0) return false;
  for (let factor = 3; factor * factor <= n; factor += 2) {
    if (n % factor === 0) return false;
  }
  return true;
}

function checkHash(verdict: Verdict, hash: Fields, path: string): void {
  const { httpCookie, minimumRingSize, maglev, ringHash } = hash;
  if (httpCookie !== undefined && (httpCookie.name ?? '') === '') verdict.error(`${path}.httpCookie`, ['has no name', 'state it']);
  const ttl = httpCookie?.ttl;
  if (typeof ttl === 'string' && parseDuration(ttl) === undefined) verdict.error(`${path}.httpCookie.ttl`, [`is '${ttl}', which is no duration`, 'write one, such as 1h; 0s makes a cookie of the session']);
  const names = new Set<string>();
  items(httpCookie?.attributes).forEach(({ name = '' }, i) => {
    if (name === '') verdict.error(`${path}.httpCookie.attributes[${i}]`, ['has no name', 'state it']);
    else if (names.has(name)) verdict.error(`${path}.httpCookie.attributes[${i}]`, [`states '${name}' again`, 'state each attribute once']);
    names.add(name);
  });
  if (minimumRingSize) {
    verdict.warn(`${path}.minimumRingSize`, ['is an old field', 'use ringHash.minimumRingSize']);
    if (maglev !== undefined || ringHash !== undefined) verdict.error(`${path}.minimumRingSize`, ['stands beside maglev or ringHash', 'leave it out']);
  }
  if (maglev === undefined) return;
  const size = Number(maglev.tableSize ?? 0);
  verdict.error(`${path}.maglev.tableSize`,
    size === 0 ? ['is missing', 'state a prime, such as 65537'] : undefined,
    size >= LARGEST_TABLE ? [`is ${size}`, `use less than ${LARGEST_TABLE}`] : undefined,
    isPrime(size) ? undefined : [`is ${size}, which is no prime`, 'use a prime, such as 65537']);
}

/** Localities that overlap, of which Istio could not tell which one holds. */
function localitiesProblem(localities: readonly string[]): Objection {
  const seen: string[][] = [];
  for (const locality of localities) {
    const stars = locality.split('*').length - 1;
    if (stars > 1 || (stars === 1 && !locality.endsWith('*'))) return [`'${locality}' has a wildcard in its midst`, 'use one wildcard, at the end'];
    if (seen.some(([region]) => region === '*')) return [`'${locality}' overlaps with '*'`, 'state each place once'];
    const parts = splitLocality(locality);
    if (parts.includes('')) return [`'${locality}' leaves a part empty`, 'write region, region/zone or region/zone/subzone'];
    if (seen.some(other => overlap(other, parts))) return [`'${locality}' overlaps with another`, 'state each place once'];
    seen.push(parts);
  }
  return undefined;
}

function splitLocality(locality: string): string[] {
  const [region, zone, ...rest] = locality.split('/');
  return [region, ...(zone === undefined ? [] : [zone]), ...(rest.length === 0 ? [] : [rest.join('/')])];
}

/**
 * As Istio sees it, whose look at what came before depends on how much a locality names: a wider one behind narrower ones overlaps, but a wildcard zone
 * behind single zones does not.
 */
function overlap(earlier: readonly string[], later: readonly string[]): boolean {
  if (earlier[0] !== later[0]) return false;
  if (later.length === 1 || earlier.length === 1 || earlier[1] === '*') return true;
  if (earlier[1] !== later[1]) return false;
  return later.length === 2 || earlier.length === 2 || earlier[2] === '*' || earlier[2] === later[2];
}

function checkFailover(verdict: Verdict, setting: Fields, outlier: Fields, path: string): void {
  if ((items(setting.failover).length > 0 || items(setting.failoverPriority).length > 0) && outlier === undefined) {
    verdict.warn(path, ['states a failover without outlierDetection, so that nothing is ever found to have failed', 'state outlierDetection beside the loadBalancer']);
  }
  items(setting.failover).forEach(({ from = '', to = '' }, i) => verdict.error(`${path}.failover[${i}]`,
    from === to ? [`goes from '${from}' to itself`, 'name another region'] : undefined,
    `${from}${to}`.includes('/') ? ['names more than a region', 'name the region alone'] : undefined,
    `${from}${to}`.includes('*') ? ['has a wildcard', 'name the region'] : undefined));
}

function checkLocality(verdict: Verdict, setting: Fields, outlier: Fields, path: string): void {
  const [distribute, failover] = [items(setting.distribute), items(setting.failover)];
  if (distribute.length > 0 && failover.length > 0) {
    verdict.error(path, ['states distribute and failover', 'state one of them']);
    return;
  }
  const topology = texts(setting.failoverPriority).find(label => TOPOLOGY.includes(label));
  if (failover.length > 0 && topology !== undefined) {
    verdict.error(path, [`states failover beside '${topology}' in failoverPriority`, 'state one of them']);
    return;
  }
  for (const [i, { to }] of distribute.entries()) {
    const weights = entries(to).map(([, weight]) => Number(weight));
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const wrong: Objection = weights.some(weight => weight <= 0 || weight > 100) ? ['has a weight that is not from 1 to 100', 'correct it']
      : sum !== 100 ? [`has weights that sum to ${sum}`, 'let them sum to 100'] : undefined;
    verdict.error(`${path}.distribute[${i}].to`, wrong);
    if (wrong) return;
    verdict.error(`${path}.distribute[${i}].to`, localitiesProblem(Object.keys(to ?? {})));
  }
  verdict.error(`${path}.distribute`, localitiesProblem(distribute.map(({ from }) => String(from ?? ''))));
  checkFailover(verdict, setting, outlier, path);
}

/** What admission has against a choice of load balancing. */
export function checkLoadBalancer(verdict: Verdict, balancer: Fields, outlier: Fields, path: string): void {
  const { consistentHash, localityLbSetting: locality, zoneAwareLbSetting: zoneAware, warmup } = balancer;
  if (consistentHash !== undefined) checkHash(verdict, consistentHash, `${path}.consistentHash`);
  if (locality !== undefined && zoneAware !== undefined) verdict.error(path, ['states localityLbSetting and zoneAwareLbSetting', 'state one of them']);
  if (locality !== undefined) checkLocality(verdict, locality, outlier, `${path}.localityLbSetting`);
  if (zoneAware !== undefined) {
    texts(zoneAware.failoverPriority).forEach((label, i) => {
      if (TOPOLOGY.includes(label)) verdict.error(`${path}.zoneAwareLbSetting.failoverPriority[${i}]`, [`is '${label}', which is looked at anyway`, 'leave it out']);
    });
    checkFailover(verdict, zoneAware, outlier, `${path}.zoneAwareLbSetting`);
  }
  if (warmup !== undefined) {
    verdict.error(`${path}.warmup.duration`, (warmup.duration ?? undefined) === undefined ? ['is missing', 'state it'] : durationProblem(warmup.duration));
    if (warmup.minimumPercent > 100) verdict.error(`${path}.warmup.minimumPercent`, [`is ${warmup.minimumPercent}`, 'use at most 100']);
    if ((warmup.aggression ?? 1) <= 0) verdict.error(`${path}.warmup.aggression`, [`is ${warmup.aggression}`, 'use more than 0']);
  }
}
