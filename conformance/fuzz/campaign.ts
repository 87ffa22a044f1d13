import { coverageOf, gaps } from './coverage';
import { judge } from './differential';
import type { FuzzCase } from './fuzz-case';
import { fuzzCase } from './fuzz-case';
import { shrink } from './shrink';
import { trafficCase } from './traffic-case';
import { isCrash, isCrashFound } from '../analysis/crashes';
import type { Report } from '../report';

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
  const start = Date.now();
  const cases = casesOf(first, count);
  const judged = [];
  for (let from = 0; from < count; from += BATCH) judged.push(...await judge(cases.slice(from, from + BATCH)));
  const seconds = (Date.now() - start) / 1000;
  const failing = judged.filter(({ mismatches }) => mismatches.length > 0);
  for (const { each, mismatches } of failing) console.log(`       seed ${each.id}: ${mismatches[0]}`);
  const smallest = [];
  for (const each of failing.slice(0, SHRUNK)) smallest.push(await shrink(each));
  const refused = judged.filter(({ refusal }) => refusal !== undefined).length;
  const crashed = judged.filter(({ refusal }) => isCrash(refusal));
  report.add(`our translation of ${count} generated meshes is istiod's`, [
    ...smallest.flatMap(({ each, mismatches }) => [
      `seed ${each.id}, proxies ${each.proxies.map(({ name }) => name).join(', ')}, ${JSON.stringify(each.meshConfig)}`,
      ...each.objects.map(object => `  ${JSON.stringify(object)}`), ...mismatches.slice(0, 5).map(wrong => `  ${wrong}`),
    ]),
    ...failing.slice(SHRUNK).map(({ each, mismatches }) => `seed ${each.id}: ${mismatches[0]}`),
  ], `${refused} refused, ${crashed.length} of them because istiod crashes, ${(count / seconds).toFixed(0)} cases per second`);
  report.add('where istiod crashes on a generated mesh, a finding says so', crashed
    .filter(({ each: { objects, meshConfig } }) => !isCrashFound(objects, meshConfig)).map(({ each, refusal }) => `seed ${each.id}: ${refusal}`));
  report.add('the generated meshes cover the interesting fields', [
    ...gaps(coverageOf(judged.filter(({ refusal }) => refusal === undefined).map(({ each }) => each)), count),
    ...refused > count * REFUSED ? [`istiod rejects ${refused} of ${count} cases; at most ${REFUSED * 100} % should be invalid`] : [],
  ]);
}
