import { destinationRules } from './destination-rules';
import { Dice } from './dice';
import type { FuzzCase } from './fuzz-case';
import { gateways, INGRESS, OWN } from './gateways';
import { meshConfig } from './policies';
import { serviceEntry } from './service-entries';
import { services } from './services';
import { sidecars } from './sidecars';
import { EXTENSION_PROVIDERS, telemetries } from './telemetries';
import { virtualServices } from './virtual-services';
import type { Proxy } from '../istiod/client';

const WEB: Proxy = {
  name: 'web',
  type: 'sidecar',
  namespace: 'shop',
  labels: { app: 'web', version: 'v1' },
  locality: 'eu-west/zone1/rack1',
};
const STRANGER: Proxy = { name: 'stranger', type: 'sidecar', namespace: 'other', labels: { app: 'stranger' } };
const INGRESS_GATEWAY: Proxy = { name: 'gateway', type: 'gateway', namespace: 'istio-system', labels: INGRESS };
const OWN_GATEWAY: Proxy = { name: 'own', type: 'gateway', namespace: 'shop', labels: OWN };

/** Never a sidecar and a gateway in one namespace: istiod would give the gateway the view of a sidecar that asked before. */
const WITH_GATEWAYS: readonly (readonly Proxy[])[] = [
  [WEB, INGRESS_GATEWAY], [WEB, STRANGER, INGRESS_GATEWAY], [STRANGER, OWN_GATEWAY, INGRESS_GATEWAY],
];

/** A case about routes: VirtualServices, Gateways and Sidecars for the services of a mesh. */
export function trafficCase(seed: number): FuzzCase {
  const dice = new Dice(seed);
  const ofGateways = dice.chance(0.6) ? gateways(dice) : [];
  const entries = dice.times(0, 2, place => serviceEntry(dice, `entry-${place}`)).flat();
  const objects = [
    ...services(dice), ...entries, ...ofGateways, ...virtualServices(dice), ...destinationRules(dice), ...sidecars(dice),
    ...telemetries(dice),
  ];
  const mesh = {
    ...meshConfig(dice),
    ...(dice.chance(0.3) ? { extensionProviders: EXTENSION_PROVIDERS } : {}),
    ...(dice.chance(0.1) ? { accessLogFile: '/dev/stdout' } : {}),
    ...(dice.chance(0.1) ? { defaultHttpRetryPolicy: dice.pick([{ attempts: 0 }, { attempts: 3, retryOn: '5xx' }]) } : {}),
    ...(dice.chance(0.05) ? { defaultProviders: { accessLogging: ['envoy'] } } : {}),
    ...(dice.chance(0.05) ? { defaultVirtualServiceExportTo: ['.'] } : {}),
  };
  return { id: `t${seed}`, objects, proxies: ofGateways.length > 0 ? dice.pick(WITH_GATEWAYS) : [WEB, STRANGER], meshConfig: mesh };
}
