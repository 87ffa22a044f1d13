import { coverageOf, gaps } from './coverage';
import { judge, question } from './differential';
import type { Judged } from './differential';
import type { FuzzCase } from './fuzz-case';
import { fuzzCase } from './fuzz-case';
import { gatewayApiCase } from './gateway-api-case';
import { shrink } from './shrink';
import { trafficCase } from './traffic-case';
import { waypointCase } from './waypoint-case';
import { isCrash, isCrashFound } from '../analysis/crashes';
import type { Report } from '../report';
import { ourAnswers } from '../translation';

/** The number of cases per batch. */
const BATCH = 500;
/** The number of failing cases that are shrunk before they are reported. */
const SHRUNK = 3;
/** The maximum share of cases that istiod may reject. More would mean that the fuzzer tests nothing. */
const REFUSED = 0.1;

/** The cases of a run: alternately policies with registries, and routes. */
export function casesOf(first: number, count: number): FuzzCase[] {
  return Array.from({ length: count }, (_, i) => first + i).map(seed => (seed % 2 === 0 ? fuzzCase(seed) : trafficCase(seed)));
}

/** Compares our translation of many generated meshes with that of istiod. */
export async function judgeTranslation(report: Report, count: number, first = 1): Promise<void> {
  const { judged, refused } = await judgeMeshes(report, 'generated meshes', casesOf(first, count));
  report.add('the generated meshes cover the interesting fields', [
    ...gaps(coverageOf(judged.filter(({ refusal }) => refusal === undefined).map(({ each }) => each)), count), ...refused,
  ]);
}

/** The least share of meshes in which a route of the Gateway API reaches a proxy. */
const ROUTED = 0.3;

/** Compares our translation of generated meshes with Gateway API objects with that of istiod. */
export async function judgeGatewayApi(report: Report, count: number, first = 1): Promise<void> {
  const cases = Array.from({ length: count }, (_, i) => gatewayApiCase(first + i));
  const { refused } = await judgeMeshes(report, 'generated meshes of the Gateway API', cases);
  const routed = cases.filter(each => JSON.stringify([...ourAnswers(question(each))]).includes('clusterNotFoundResponseCode')).length;
  report.add('routes of the Gateway API reach proxies of the generated meshes', [
    ...routed < count * ROUTED ? [`in ${routed} of ${count} meshes; at least ${ROUTED * 100} % should have one`] : [], ...refused,
  ]);
}

/** The least share of meshes in which a waypoint serves a service. */
const SERVED = 0.5;

/** Compares our translation of generated waypoints with that of istiod. */
export async function judgeWaypoints(report: Report, count: number, first = 1): Promise<void> {
  const cases = Array.from({ length: count }, (_, i) => waypointCase(first + i));
  const { refused } = await judgeMeshes(report, 'generated meshes with waypoints', cases);
  const serving = cases.filter(each => JSON.stringify([...ourAnswers(question(each))]).includes('"inbound-vip|')).length;
  report.add('waypoints of the generated meshes serve services', [
    ...serving < count * SERVED ? [`in ${serving} of ${count} meshes; at least ${SERVED * 100} % should have one`] : [], ...refused,
  ]);
}

async function judgeMeshes(
  report: Report, what: string, cases: readonly FuzzCase[],
): Promise<{ readonly judged: readonly Judged[]; readonly refused: readonly string[] }> {
  const count = cases.length;
  const start = Date.now();
  const judged: Judged[] = [];
  for (let from = 0; from < count; from += BATCH) judged.push(...await judge(cases.slice(from, from + BATCH)));
  const seconds = (Date.now() - start) / 1000;
  const failing = judged.filter(({ mismatches }) => mismatches.length > 0);
  for (const { each, mismatches } of failing) console.log(`       seed ${each.id}: ${mismatches[0]}`);
  const smallest = [];
  for (const each of failing.slice(0, SHRUNK)) smallest.push(await shrink(each));
  const refused = judged.filter(({ refusal }) => refusal !== undefined).length;
  const crashed = judged.filter(({ refusal }) => isCrash(refusal));
  report.add(`our translation of ${count} ${what} is istiod's`, [
    ...smallest.flatMap(({ each, mismatches }) => [
      `seed ${each.id}, proxies ${each.proxies.map(({ name }) => name).join(', ')}, ${JSON.stringify(each.meshConfig)}`,
      ...each.objects.map(object => `  ${JSON.stringify(object)}`), ...mismatches.slice(0, 5).map(wrong => `  ${wrong}`),
    ]),
    ...failing.slice(SHRUNK).map(({ each, mismatches }) => `seed ${each.id}: ${mismatches[0]}`),
  ], `${refused} refused, ${crashed.length} of them because istiod crashes, ${(count / seconds).toFixed(0)} cases per second`);
  report.add(`where istiod crashes on ${what}, a finding says so`, crashed
    .filter(({ each: { objects, meshConfig } }) => !isCrashFound(objects, meshConfig)).map(({ each, refusal }) => `seed ${each.id}: ${refusal}`));
  const tooMany = refused > count * REFUSED ? [`istiod rejects ${refused} of ${count} cases; at most ${REFUSED * 100} % should be invalid`] : [];
  return { judged, refused: tooMany };
}
