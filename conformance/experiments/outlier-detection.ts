import { setTimeout as sleep } from 'node:timers/promises';
import { SIMPLE_BACKEND, manifestsOf, simpleWeb, without } from './coolstore';
import type { Experiment, Result } from './experiment';
import { between, exactly } from './experiment';
import { Backend } from '../envoy/backend';
import { load } from '../envoy/load';
import type { EnvoyProcess } from '../envoy/process';
import { withEnvoy } from '../envoy/scenario';

export const COUNT = 1000;
export const RATE = 20;

interface Outcome {
  readonly failedPercent: number;
  readonly ejections: number;
  readonly flagged: boolean;
  /** The longest time in seconds without a request to the failing endpoint, and whether it got requests again. */
  readonly longestGap: number;
  readonly failures: number;
}

/** 1,000 requests, 20 per second, to three endpoints, one of which fails 75 %. */
export async function runErrors(manifests: string, seed = 1): Promise<Outcome> {
  const failing = await Backend.start({ name: 'failing', errorRate: 0.75, errorCode: 500, seed: 6 + seed });
  const healthy = await Promise.all(['127.0.0.2', '127.0.0.3'].map(host => Backend.start({ name: 'healthy', host })));
  const backends = [failing, ...healthy];
  const scenario = {
    manifests,
    proxy: simpleWeb,
    listeners: ['0.0.0.0_80'],
    backendsOf: (cluster: string) => (cluster === SIMPLE_BACKEND ? backends : []),
  };
  return withEnvoy(scenario, backends, async envoy => {
    const done = load({
      to: envoy.listener('0.0.0.0_80'),
      host: 'simple-backend',
      callers: 2,
      rate: RATE,
      count: COUNT,
      jitter: true,
      seed,
    });
    const [result, flagged] = await Promise.all([done, wasFlagged(envoy, `${failing.host}:${failing.port}`, done)]);
    const { 'outlier_detection.ejections_total': ejections = 0 } = await envoy.clusterStats(SIMPLE_BACKEND);
    const times = failing.requests.map(({ at }) => at);
    const longestGap = Math.max(...times.slice(1).map((at, i) => at - times[i])) / 1000;
    return { failedPercent: result.failedPercent, failures: result.failures.length, ejections, flagged, longestGap };
  });
}

/** Whether Envoy's list of hosts ever showed the endpoint as ejected. */
async function wasFlagged(envoy: EnvoyProcess, host: string, until: Promise<unknown>): Promise<boolean> {
  let over = false;
  void until.finally(() => over = true).catch(() => undefined);
  while (!over) {
    if ((await envoy.hosts(SIMPLE_BACKEND)).get(host)?.failed_outlier_check === true) return true;
    await sleep(250);
  }
  return false;
}

export const outlierDetection: Experiment = {
  name: 'outlier detection',
  run: async (): Promise<Result[]> => {
    const manifests = manifestsOf('13-outlier-detection');
    const [off, on] = await Promise.all([runErrors(without('DestinationRule', manifests)), runErrors(manifests)]);
    return [
      // sqrt(0.25 * 0.75 / 1000) = 1.4 %: the bounds are 3.6 standard errors, which one in 3,500 runs misses.
      between(
        'failed without it, in %',
        off.failedPercent,
        20,
        30,
        '1/3 of the requests meet 75 % errors: 25 %, and 3.6 binomial standard errors of 1.4 %',
      ),
      exactly('ejections without it', off.ejections, 0, 'no DestinationRule, no detection'),
      // A failure ejects immediately, for 5 s longer each time: at most 6 ejections fit into 50 s (5 + 10 + 15 + 20 s), so about 1 % of the
      // requests fail.
      between('failed with it, in %', on.failedPercent, 0, off.failedPercent / 2, 'at most half of the failures without it'),
      between('ejections', on.ejections, 1, on.failures, 'each ejection requires a new failure'),
      exactly('Envoy lists the failing endpoint as ejected', on.flagged, true, 'failed_outlier_check while it is ejected'),
      // The check every 5 s returns it after a base time of 5 s. The gap ends with a request, so the endpoint returned.
      between('seconds without a request to it, before the next one', on.longestGap, 5, 50, 'baseEjectionTime, at least'),
    ];
  },
};
