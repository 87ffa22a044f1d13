import { destinationRules } from './destination-rules';
import { Dice } from './dice';
import type { FuzzCase } from './fuzz-case';
import { gateways, MANUAL, podsOf } from './gateway-api-gateways';
import { backendPolicies, routes } from './gateway-api-routes';
import { meshConfig } from './policies';
import { serviceEntry } from './service-entries';
import { services } from './services';
import { sidecars } from './sidecars';
import { virtualServices } from './virtual-services';
import type { Proxy } from '../istiod/client';

const WEB: Proxy = { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web', version: 'v1' } };
const STRANGER: Proxy = { name: 'stranger', type: 'sidecar', namespace: 'other', labels: { app: 'stranger' } };
const MAIN: Proxy = { name: 'main', type: 'gateway', namespace: 'istio-system', labels: podsOf('main') };
const OWN: Proxy = { name: 'own', type: 'gateway', namespace: 'shop', labels: podsOf('own') };
const BY_HAND: Proxy = { name: 'manual', type: 'gateway', namespace: 'istio-system', labels: MANUAL };

/** Never a sidecar and a gateway in one namespace: istiod would give the gateway the view of a sidecar that asked before. */
const PROXIES: readonly (readonly Proxy[])[] = [
  [WEB, STRANGER], [WEB, MAIN], [STRANGER, MAIN, OWN], [WEB, STRANGER, MAIN, BY_HAND], [OWN, BY_HAND],
];

/** A case with routes of the Gateway API, often next to VirtualServices. */
export function gatewayApiCase(seed: number): FuzzCase {
  const dice = new Dice(seed);
  const objects = [
    ...services(dice),
    ...dice.times(0, 2, place => serviceEntry(dice, `entry-${place}`)).flat(),
    ...gateways(dice),
    ...routes(dice),
    ...dice.chance(0.5) ? virtualServices(dice) : [],
    ...dice.chance(0.4) ? destinationRules(dice) : [],
    ...backendPolicies(dice),
    ...dice.chance(0.3) ? sidecars(dice) : [],
  ];
  const mesh = { ...meshConfig(dice), ...dice.chance(0.05) ? { defaultVirtualServiceExportTo: ['.'] } : {} };
  return { id: `g${seed}`, objects, proxies: dice.pick(PROXIES), meshConfig: mesh };
}
