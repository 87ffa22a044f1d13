import { CoolstoreChart } from '../../examples/environments/coolstore';
import { environments as coolstore } from '../../examples/environments/environments';
import type { Case, Statement } from '../case';
import { cluster, route } from '../case';
import type { Proxy } from '../istiod/client';
import { gateway } from '../world';

const share = (host: string, version: string, weight: number) => ({ name: `outbound|80|${version}|${host}`, weight });

/** The differences between the environments of the coolstore, in istiod's translation. */
const STATES: { readonly [environment: string]: (webapp: string, host: string) => readonly Statement[] } = {
  dev: (webapp, host) => [
    [
      'half of the requests go to the canary',
      route(webapp, `${host}:80`, 'default'),
      { route: { weightedClusters: { clusters: [share(host, 'v1', 50), share(host, 'v2', 50)] } } },
    ],
    [
      'staff reach v3, which exists only in dev',
      route(webapp, `${host}:80`, 'default.internal'),
      { route: { cluster: `outbound|80|v3|${host}` } },
    ],
    ['items have a timeout of half a minute', route(webapp, `${host}:80`, 'items'), { route: { timeout: '30s' } }],
  ],
  staging: (webapp, host) => [
    ['the canary gets mirrored requests, but no real ones', route(webapp, `${host}:80`, 'default'), {
      route: { cluster: `outbound|80|v1|${host}`, requestMirrorPolicies: [{ cluster: `outbound|80|v2|${host}` }] },
    }],
    ['staff reach v2', route(webapp, `${host}:80`, 'default.internal'), { route: { cluster: `outbound|80|v2|${host}` } }],
  ],
  prod: (webapp, host) => [
    [
      'one request in twenty goes to the canary',
      route(webapp, `${host}:80`, 'default'),
      { route: { weightedClusters: { clusters: [share(host, 'v1', 95), share(host, 'v2', 5)] } } },
    ],
    ['there is no dark launch', route(webapp, `${host}:80`, 'default.internal'), undefined],
    [
      'a version allows ten times the connections',
      cluster(webapp, host, 80, 'v1'),
      { circuitBreakers: { thresholds: [{ maxConnections: 1000, maxPendingRequests: 100 }] } },
    ],
    ['external callers use HTTPS', route('gateway', 'catalog.coolstore.example.com:443', 'catalog.default'), {
      route: { weightedClusters: { clusters: [share(host, 'v1', 95), share(host, 'v2', 5)] } },
    }],
  ],
};

/** The coolstore in each of its environments. */
export const environments: readonly Case[] = coolstore().selected.map(({ environmentName, namespace }) => {
  const webapp: Proxy = { name: 'webapp', type: 'sidecar', namespace, labels: { app: 'webapp' } };
  return {
    name: `coolstore-in-${environmentName}`,
    newApp: () => coolstore().selected.find(e => e.environmentName === environmentName)!,
    build: app => void new CoolstoreChart(app, 'traffic'),
    proxies: [webapp, gateway],
    states: STATES[environmentName](webapp.name, `catalog.${namespace}.svc.cluster.local`),
  };
});
