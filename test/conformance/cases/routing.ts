import { Duration } from 'cdk8s';
import type { Case } from '../case';
import { cluster, route } from '../case';
import { World, gateway, web } from '../world';
import { CanaryRelease, RequestPolicy } from 'cdk8s-istio';

const HOST = 'catalog.shop.svc.cluster.local';

export const routing: readonly Case[] = [
  {
    name: 'canary-fraction',
    proxies: [web],
    build: app => {
      const world = new World(app);
      const catalog = world.catalog();
      new CanaryRelease(world.traffic, 'Canary', { service: catalog, stable: catalog.subset('v1'), canary: catalog.subset('v2'), canaryPercent: 0.5 });
      new RequestPolicy(world.traffic, 'Timeout', { service: catalog, timeout: Duration.millis(500) });
    },
    states: [
      ['0.5 % to v2', route('web', `${HOST}:80`, 'default'), { route: { weightedClusters: { clusters: [{ name: `outbound|80|v1|${HOST}`, weight: 995 }, { name: `outbound|80|v2|${HOST}`, weight: 5 }] } } }],
      ['a timeout of half a second', route('web', `${HOST}:80`, 'default'), { route: { timeout: '0.500s' } }],
      ['no limits', cluster('web', HOST, 80, 'v2'), { outlierDetection: undefined }],
    ],
  },
];
void gateway;
