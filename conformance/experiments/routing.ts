import { CATALOG_V1, CATALOG_V2, gateway, manifestsOf, webapp, without } from './coolstore';
import type { Experiment, Result } from './experiment';
import { between, exactly } from './experiment';
import { Backend } from '../envoy/backend';
import type { LoadOptions, LoadResult } from '../envoy/load';
import { load } from '../envoy/load';
import type { EnvoyProcess, LogEntry } from '../envoy/process';
import type { Scenario } from '../envoy/scenario';
import { withEnvoy } from '../envoy/scenario';

interface Outcome {
  readonly result: LoadResult;
  readonly log: readonly LogEntry[];
}

/** Requests to catalog, whose versions v1 and v2 have one backend each. */
async function callCatalog(scenario: Pick<Scenario, 'manifests' | 'proxy'>, options: Omit<LoadOptions, 'to'>): Promise<Outcome> {
  const [v1, v2] = await Promise.all([Backend.start({ name: 'v1' }), Backend.start({ name: 'v2', host: '127.0.0.2' })]);
  const listener = scenario.proxy === gateway ? '0.0.0.0_8080' : '0.0.0.0_80';
  const backendsOf = (cluster: string) => ({ [CATALOG_V1]: [v1], [CATALOG_V2]: [v2] }[cluster] ?? []);
  return withEnvoy({ ...scenario, listeners: [listener], backendsOf }, [v1, v2], async (envoy: EnvoyProcess) => {
    const result = await load({ ...options, to: envoy.listener(listener) });
    return { result, log: await envoy.accessLog(result.samples.length) };
  });
}

const nothingRandom = 'one route decides; nothing random';

export const cohort: Experiment = {
  name: 'cohort header',
  run: async (): Promise<Result[]> => {
    const scenario = { manifests: manifestsOf('03-dark-launch'), proxy: gateway };
    const common = { host: 'catalog.istioinaction.io', path: '/items', callers: 1, count: 50, seed: 1 };
    const [internal, others] = await Promise.all([
      callCatalog(scenario, { ...common, headers: { 'x-istio-cohort': 'internal' } }),
      callCatalog(scenario, common),
    ]);
    return [
      exactly('requests with the cohort header that v2 answers, of 50', internal.result.answeredBy('v2'), 50, nothingRandom),
      exactly('requests without it that v1 answers, of 50', others.result.answeredBy('v1'), 50, nothingRandom),
    ];
  },
};

export const canary: Experiment = {
  name: 'canary 90/10',
  run: async (): Promise<Result[]> => {
    const scenario = { manifests: manifestsOf('06-traffic-shifting'), proxy: webapp };
    const { result } = await callCatalog(scenario, { host: 'catalog', path: '/items', callers: 4, count: 2000, seed: 1 });
    // Envoy picks a version for each request independently, without a seed: one in 16,000 runs misses 4 standard errors of sqrt(2000 * 0.1
    // *
    // 0.9) = 13.4.
    return [
      exactly('answers', result.statuses, { 200: 2000 }, 'both versions are healthy'),
      between(
        'requests that the canary answers, of 2,000',
        result.answeredBy('v2'),
        146,
        254,
        '200, and 4 binomial standard errors of 13.4 either way',
      ),
    ];
  },
};

export const unknownSubset: Experiment = {
  name: 'unknown subset',
  run: async (): Promise<Result[]> => {
    // The route exists, but the DestinationRule with the subset does not exist yet.
    const scenario = { manifests: without('DestinationRule', manifestsOf('04-mesh-routing')), proxy: webapp };
    const { result, log } = await callCatalog(scenario, { host: 'catalog', path: '/items', callers: 1, count: 20, seed: 1 });
    return [
      exactly('answers for a subset without a cluster', result.statuses, { 503: 20 }, nothingRandom),
      exactly('their response flags', [...new Set(log.map(({ flags }) => flags))], ['NC'], 'NC: no cluster of the route\'s name'),
    ];
  },
};
