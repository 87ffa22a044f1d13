import type { Dice } from './dice';
import { object } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

type Fields = { [field: string]: unknown };

const HOSTS = [
  './*', 'istio-system/*', '*/*', 'shop/*', 'other/*', 'shop/catalog.shop.svc.cluster.local', '*/*.example.com',
  './catalog.shop.svc.cluster.local', '*/api.example.com',
  'other/orders.other.svc.cluster.local', '~/orders.shop.svc.cluster.local',
];

function hostsOf(dice: Dice): string[] {
  const chosen = dice.some(HOSTS, 0.3);
  const kept = chosen.includes('*/*') ? ['*/*', ...chosen.filter(each => each.startsWith('~'))] : chosen;
  return kept.some(each => !each.startsWith('~')) ? kept : ['./*', ...kept];
}

function egress(dice: Dice): Fields[] {
  const ported = dice.times(0, 2, place => ({
    port: {
      number: [80, 9000, 5432, 3128][dice.int(0, 3)],
      protocol: dice.pick(['HTTP', 'HTTP', 'TCP', 'GRPC', 'HTTP_PROXY']),
      name: `egress-${place}`,
    },
    hosts: hostsOf(dice),
    ...dice.fields(0.2, { bind: () => dice.pick(['127.0.0.1', '0.0.0.0']) }),
  })).filter(({ port }, place, all) => all.findIndex(other => other.port.number === port.number) === place);
  return [...(dice.chance(0.35) ? ported : []), { hosts: hostsOf(dice) }];
}

/** Sidecars of the mesh, of namespaces and of workloads. */
export function sidecars(dice: Dice): KubernetesObject[] {
  const places = [
    ['default', 'istio-system', undefined],
    ['default', 'shop', undefined],
    ['web', 'shop', { app: 'web' }],
    ['default', 'other', undefined],
    ['more', 'shop', undefined],
  ] as const;
  return dice.some(places, 0.3).map(([name, namespace, labels]) => {
    const spec = {
      ...(labels ? { workloadSelector: { labels } } : {}),
      ...dice.fields(0.75, { egress: () => egress(dice) }),
      ...dice.fields(0.4, { outboundTrafficPolicy: () => dice.pick<Fields>([{ mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }, {}]) }),
    };
    return object(
      dice,
      'networking.istio.io/v1',
      'Sidecar',
      name,
      namespace,
      Object.keys(spec).some(field => field !== 'workloadSelector') ? spec : { ...spec, outboundTrafficPolicy: { mode: 'ALLOW_ANY' } },
    );
  });
}
