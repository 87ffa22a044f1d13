import { setTimeout as sleep } from 'node:timers/promises';
import { CATALOG_V1, CATALOG_V2, manifestsOf, webapp } from './coolstore';
import type { Experiment, Result } from './experiment';
import { exactly } from './experiment';
import { Backend } from '../envoy/backend';
import { load } from '../envoy/load';
import { withEnvoy } from '../envoy/scenario';

const COUNT = 200;

/** The responses to mirrored requests, and the copies that the mirror receives. */
async function mirrored(label: string, mirrorHost: string, features?: { [name: string]: string }): Promise<Result[]> {
  const [v1, v2] = await Promise.all([
    Backend.start({ name: 'v1' }),
    Backend.start({ name: 'v2', host: '127.0.0.2', errorRate: 1, delayMs: 20 }),
  ]);
  const scenario = {
    manifests: manifestsOf('07-mirroring'),
    proxy: webapp,
    features,
    listeners: ['0.0.0.0_80'],
    backendsOf: (cluster: string) => ({ [CATALOG_V1]: [v1], [CATALOG_V2]: [v2] }[cluster] ?? []),
  };
  return withEnvoy(scenario, [v1, v2], async envoy => {
    const result = await load({ to: envoy.listener('0.0.0.0_80'), host: 'catalog', path: '/items', callers: 2, count: COUNT, seed: 1 });
    // Callers do not wait for the mirror, so its last requests may still be on their way.
    for (let left = 100; v2.count < COUNT && left > 0; left--) await sleep(20);
    const all = `the mirror takes 100 % of ${COUNT} requests; nothing random`;
    return [
      exactly(
        `${label}: answers to the caller, by backend`,
        { v1: result.answeredBy('v1'), v2: result.answeredBy('v2') },
        { v1: COUNT, v2: 0 },
        all,
      ),
      exactly(
        `${label}: answers to the caller, while the mirror fails every request`,
        result.statuses,
        { 200: COUNT },
        'the responses of the mirror are dropped',
      ),
      exactly(`${label}: requests that the mirror received`, v2.count, COUNT, all),
      exactly(
        `${label}: their method and path`,
        distinct(v2, ({ method, path }) => `${method} ${path}`),
        ['GET /items'],
        'a copy of the request',
      ),
      exactly(
        `${label}: their Host`,
        distinct(v2, ({ host }) => host),
        [mirrorHost],
        'an environment variable of istiod decides, not the manifests',
      ),
    ];
  });
}

function distinct<T>({ requests }: { requests: readonly T[] }, of: (request: T) => string): string[] {
  return [...new Set(requests.map(of))];
}

export const mirroring: Experiment = {
  name: 'mirroring',
  run: async () => (await Promise.all([
    mirrored('by default', 'catalog'),
    mirrored('DISABLE_SHADOW_HOST_SUFFIX=false', 'catalog-shadow', { DISABLE_SHADOW_HOST_SUFFIX: 'false' }),
  ])).flat(),
};
