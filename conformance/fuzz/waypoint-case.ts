import { destinationRules } from './destination-rules';
import { Dice } from './dice';
import type { FuzzCase } from './fuzz-case';
import { podsOf } from './gateway-api-gateways';
import { backendPolicies, routes } from './gateway-api-routes';
import { meshConfig } from './policies';
import { serviceEntry } from './service-entries';
import { services } from './services';
import { EXTENSION_PROVIDERS, telemetries } from './telemetries';
import { virtualServices } from './virtual-services';
import { attachedTelemetries, waypointPolicies, waypoints, withChoices } from './waypoints';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Proxy } from '../istiod/client';

const OWN: Proxy = { name: 'wp', type: 'waypoint', namespace: 'shop', labels: podsOf('wp'), locality: 'eu-west/zone1/rack1' };
const FAR: Proxy = { name: 'far', type: 'waypoint', namespace: 'istio-system', labels: podsOf('far') };

/** A case with waypoints. No other proxies: a process of istiod translates for all of ambient mode. */
export function waypointCase(seed: number): FuzzCase {
  const dice = new Dice(seed);
  const called = [...services(dice), ...dice.times(0, 3, place => serviceEntry(dice, `entry-${place}`)).flat()].filter(isTranslated);
  const objects = [
    ...withChoices(dice, called),
    ...waypoints(dice),
    ...dice.chance(0.7) ? routes(dice) : [],
    ...dice.chance(0.7) ? virtualServices(dice) : [],
    ...dice.chance(0.6) ? destinationRules(dice) : [],
    ...dice.chance(0.3) ? backendPolicies(dice) : [],
    ...dice.chance(0.5) ? waypointPolicies(dice) : [],
    ...dice.chance(0.2) ? [...telemetries(dice), ...attachedTelemetries(dice)] : [],
  ];
  const mesh = { ...meshConfig(dice), ...dice.chance(0.05) ? { defaultVirtualServiceExportTo: ['.'] } : {} };
  const providers = dice.chance(0.2) ? { extensionProviders: EXTENSION_PROVIDERS } : {};
  return { id: `w${seed}`, objects, proxies: [OWN, FAR], meshConfig: { ...mesh, ...providers } };
}

/** Waypoints for hosts that are looked up per request are not translated. */
function isTranslated({ spec }: KubernetesObject): boolean {
  return (spec as { resolution?: string }).resolution !== 'DYNAMIC_DNS';
}
