import * as yaml from 'js-yaml';
import { failedPercent, runBreaker } from './circuit-breaker';
import { manifestsOf, patched, simpleWeb, without } from './coolstore';
import { COUNT, RATE, runErrors } from './outlier-detection';
import type { LoadOptions } from '../../src/simulator/load/load';
import { Mesh } from '../../src/simulator/mesh';
import type { Report } from '../report';

/** A load for the real Envoy and for the simulator. */
interface Setting {
  readonly name: string;
  readonly manifests: string;
  /** Failed requests of one real run, in percent. */
  readonly real: (manifests: string, seed: number) => Promise<number>;
  readonly load: LoadOptions;
}

const REAL_RUNS = 10;
const SIMULATED_RUNS = 20;
/** The maximum difference of the two means, in percentage points. */
const APART = 5;

const slow: LoadOptions = {
  callers: 2,
  rate: 2,
  seconds: 30,
  jitter: true,
  warmUp: true,
  endpoints: { 'simple-backend': { latencyMs: 1000 } },
};
const failing: LoadOptions = {
  callers: 2, rate: RATE, count: COUNT, jitter: true, endpoints: { 'simple-backend': [{ errorRate: 0.75, errorStatus: 500 }, {}, {}] },
};

/** In the order of the walk-through, from most failures to fewest. */
function settings(): readonly (readonly Setting[])[] {
  const breaker = async (manifests: string, seed: number) => failedPercent(await runBreaker(manifests, 2, seed));
  const errors = async (manifests: string, seed: number) => (await runErrors(manifests, seed)).failedPercent;
  const ones = manifestsOf('11-circuit-breaker');
  const detection = manifestsOf('13-outlier-detection');
  return [
    [
      { name: 'limits of 1, two callers', manifests: ones, real: breaker, load: slow },
      { name: 'http2MaxRequests 2', manifests: patched(ones, 'http2MaxRequests', 2), real: breaker, load: slow },
      { name: 'http1MaxPendingRequests 2 as well', manifests: manifestsOf('12-circuit-breaker-relaxed'), real: breaker, load: slow },
    ],
    [
      { name: 'an endpoint that fails 75 %', manifests: without('DestinationRule', detection), real: errors, load: failing },
      { name: 'the same with outlier detection', manifests: detection, real: errors, load: failing },
    ],
  ];
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;

function simulated({ manifests, load }: Setting): number {
  const proxy = Mesh.fromManifests(yaml.loadAll(manifests)).sidecar(simpleWeb);
  return mean(
    Array.from(
      { length: SIMULATED_RUNS },
      (_, run) => proxy.load('http://simple-backend/', { ...load, seed: 1000 * (run + 1) }).failedPercent,
    ),
  );
}

/**
 * Compares the mean of simulated loads with that of real ones. It takes about four minutes, because the settings run one after the other.
 */
export async function judgeLoads(report: Report): Promise<void> {
  for (const group of settings()) {
    const means: (readonly [real: number, simulated: number])[] = [];
    for (const setting of group) {
      const real = mean(await Promise.all(Array.from({ length: REAL_RUNS }, (_, run) => setting.real(setting.manifests, 100 * (run + 1)))));
      const both = [real, simulated(setting)] as const;
      means.push(both);
      const [real1, simulated1] = both.map(value => value.toFixed(1));
      report.add(`simulated load: ${setting.name}`, Math.abs(both[0] - both[1]) <= APART ? [] : [
        `the means differ by more than ${APART} points`,
      ],
      `failed ${real1} % in ${REAL_RUNS} real runs, ${simulated1} % in ${SIMULATED_RUNS} simulated ones`);
    }
    const ordered = (place: 0 | 1) => means.every((both, i) => i === 0 || both[place] < means[i - 1][place]);
    report.add(
      `simulated load: the order of the document, from '${group[0].name}' on`,
      ordered(0) && ordered(1) ? [] : [JSON.stringify(means)],
    );
  }
}
