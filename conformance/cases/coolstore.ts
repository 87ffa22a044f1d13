import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { steps } from '../../examples/coolstore/steps';
import type { Case } from '../case';
import type { Proxy } from '../istiod/client';

const caller = (app: string): Proxy => ({ name: app, type: 'sidecar', namespace: 'istioinaction', labels: { app } });
const called: readonly Proxy[] = [{ ...caller('catalog'), labels: { app: 'catalog', version: 'v1' } }, caller('forum')];
const gateway: Proxy = {
  name: 'gateway',
  type: 'gateway',
  namespace: 'istio-system',
  labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
};
const meshConfig = readFileSync(join(__dirname, '../../examples/coolstore/mesh-config.yaml'), 'utf8');

/**
 * Every step of the walk-through, for webapp's sidecar, the caller of the load tests and the ingress gateway, and in the step about access
 * also for called sidecars. The expected facts are in seed-facts.ts.
 */
export const coolstore: readonly Case[] = steps.map(({ name, build }) => ({
  name: `coolstore-${name}`,
  build,
  proxies: [caller('webapp'), ...(/^1[123]/.test(name) ? [caller('simple-web')] : []), ...(name === '21-access' ? called : []), gateway],
  ...(name === '10-tracing' ? { meshConfig } : {}),
  ...(name === '21-access' ? { inbound: true } : {}),
  states: [],
}));
