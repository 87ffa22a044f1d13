import type { Dice } from './dice';
import { trafficPolicy } from './traffic-policies';
import { exportTo, host, NAMESPACES, object, OUTSIDE, SERVICES, VERSIONS } from './world';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';

const HOSTS = [
  ...SERVICES, ...SERVICES, ...SERVICES, ...OUTSIDE, ...OUTSIDE,
  ...['shop', 'other'].flatMap(namespace => SERVICES.map(name => host(name, namespace))),
  '*.shop.svc.cluster.local', '*.svc.cluster.local', '*.local', '*', 'catalog.shop',
];

/** A valid DestinationRule for one or several hosts of the world. */
export function destinationRule(dice: Dice, name: string, about?: string): KubernetesObject {
  const namespace = dice.pick(NAMESPACES);
  const selects = dice.chance(0.12);
  const policy = dice.maybe(0.75, () => trafficPolicy(dice));
  const subsets = dice.some([...VERSIONS, 'odd'], 0.4).map(subset => subsetOf(dice, subset));
  const spec = {
    host: about ?? dice.pick(HOSTS),
    ...(policy ? { trafficPolicy: policy } : {}),
    ...(subsets.length > 0 ? { subsets } : {}),
    ...(selects
      ? {
        workloadSelector: {
          matchLabels: dice.pick([{ app: 'web' }, { app: 'web', version: 'v1' }, { app: 'stranger' }, { istio: 'ingressgateway' }]),
        },
      }
      : {}),
    ...(!selects && dice.chance(0.35) ? { exportTo: exportTo(dice, namespace) } : {}),
  };
  return object(dice, 'networking.istio.io/v1', 'DestinationRule', name, namespace, spec);
}

function subsetOf(dice: Dice, name: string): object {
  const labels = dice.maybe(0.9, () => (name === 'odd' ? { 'topology.kubernetes.io/region': 'eu-west' } : { version: name }));
  const policy = dice.maybe(0.4, () => trafficPolicy(dice, 'subset'));
  return { name, ...(labels ? { labels } : {}), ...(policy ? { trafficPolicy: policy } : {}) };
}

/** Some rules, often several per host. */
export function destinationRules(dice: Dice): KubernetesObject[] {
  const shared = dice.maybe(0.5, () => dice.pick(HOSTS));
  const hashed = dice.maybe(0.15, () => object(dice, 'networking.istio.io/v1', 'DestinationRule', 'hashed', dice.pick(NAMESPACES), {
    host: dice.pick(SERVICES),
    trafficPolicy: {
      loadBalancer: { consistentHash: dice.pick<object>([{ useSourceIp: true }, { httpHeaderName: 'x-user' }]) },
    },
  }));
  return [
    ...(hashed ? [hashed] : []),
    ...dice.times(0, 5, place => destinationRule(dice, `rule-${dice.int(0, 9)}-${place}`, dice.chance(0.6) ? shared : undefined)),
  ];
}
