import type { Address } from './backend';
import { bootstrapOf } from './bootstrap';
import { EnvoyProcess } from './process';
import { translation } from './translation';
import type { Proxy } from '../istiod/client';

/** Manifests, the proxy that gets them, and the backends in place of pods. */
export interface Scenario {
  readonly manifests: string;
  readonly proxy: Proxy;
  readonly meshConfig?: string;
  readonly features?: { readonly [name: string]: string };
  /** The names of istiod's listeners to open. */
  readonly listeners: readonly string[];
  readonly backendsOf: (cluster: string) => readonly Address[];
  /** Whether clusters keep the TLS that they begin, which must need no certificates. */
  readonly keepsTls?: boolean;
  /** The number of Envoy's worker threads. Each has its own connection pools. */
  readonly workers?: number;
}

interface Stoppable {
  stop(): Promise<void>;
}

/** The time limit of a run on one Envoy. */
const LIMIT_SECONDS = 120;

/** Runs an Envoy with istiod's configuration for the manifests, and always stops it and the given backends at the end. */
export async function withEnvoy<T>(
  scenario: Scenario,
  backends: readonly Stoppable[],
  run: (envoy: EnvoyProcess) => Promise<T>,
): Promise<T> {
  const { manifests, proxy, meshConfig, features, workers } = scenario;
  let envoy: EnvoyProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    const [config] = await translation({ manifests, proxies: [proxy], meshConfig, features });
    envoy = await EnvoyProcess.start({ workers, bootstrap: accessLog => bootstrapOf(config, { ...scenario, accessLog }) });
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done after ${LIMIT_SECONDS} s`)), 1000 * LIMIT_SECONDS);
    });
    return await Promise.race([run(envoy), overdue]);
  } finally {
    clearTimeout(timer);
    await envoy?.stop();
    await Promise.all(backends.map(backend => backend.stop()));
  }
}
