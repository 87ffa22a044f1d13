import { destinationRules } from './destination-rules';
import { Dice } from './dice';
import { meshConfig, peerAuthentications } from './policies';
import { serviceEntry } from './service-entries';
import { services } from './services';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Proxy } from '../istiod/client';

/** A generated mesh and its proxies. */
export interface FuzzCase {
  readonly id: string;
  readonly objects: readonly KubernetesObject[];
  readonly proxies: readonly Proxy[];
  readonly meshConfig: { readonly [field: string]: unknown };
}

const PROXIES: readonly Proxy[] = [
  { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web', version: 'v1' }, locality: 'eu-west/zone1/rack1' },
  { name: 'stranger', type: 'sidecar', namespace: 'other', labels: { app: 'stranger' }, locality: 'us-east/zone1' },
  { name: 'bare', type: 'sidecar', namespace: 'other' },
  { name: 'root', type: 'sidecar', namespace: 'istio-system', labels: { app: 'root' } },
  {
    name: 'gateway',
    type: 'gateway',
    namespace: 'istio-system',
    labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
    locality: 'eu-west/zone1',
  },
  { name: 'edge', type: 'gateway', namespace: 'edge', labels: { istio: 'edge' } },
];

/** The case for a seed. */
export function fuzzCase(seed: number): FuzzCase {
  const dice = new Dice(seed);
  const entries = dice.times(0, 4, place => serviceEntry(dice, `entry-${dice.int(0, 9)}-${place}`)).flat();
  const objects = [...services(dice), ...entries, ...destinationRules(dice), ...peerAuthentications(dice)];
  // The view of a gateway on hosts in several namespaces depends on an earlier request of a sidecar in its namespace.
  const proxies = dice.some(PROXIES, 0.4).filter(({ name }, _, all) => name !== 'root' || all.every(other => other.name !== 'gateway'));
  return { id: String(seed), objects, proxies: proxies.length === 0 ? [PROXIES[0]] : proxies, meshConfig: meshConfig(dice) };
}
