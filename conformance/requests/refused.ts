import { describeRefusal, resourceRefusals } from '../../src/envoy/refusals/resource-refusals';
import { envoyVerdicts } from '../envoy/validation';
import type { Json, ProxyConfig } from '../istiod/client';

/** A resource that the simulator takes as refused by Envoy, as a configuration of its own, and the reason. */
interface Refused {
  readonly why: string;
  readonly alone: ProxyConfig;
}

/** A configuration in two parts. */
interface Parts {
  readonly accepted: ProxyConfig;
  readonly refused: readonly Refused[];
}

function usesRoutes(listener: Json, name: string): boolean {
  return JSON.stringify(listener).includes(`"routeConfigName":${JSON.stringify(name)}`);
}

/** Separates the resources that Envoy would refuse. An Envoy that starts has none in their place. */
export function partsOf(config: ProxyConfig): Parts {
  const none = { ...config, listeners: [], clusters: [] };
  let accepted = config;
  const refused = resourceRefusals(config as never).map((refusal): Refused => {
    const { resource, name } = refusal;
    const ofCluster = resource === 'cluster';
    const isRefused = (part: Json) => (resource === 'route configuration' ? usesRoutes(part, name) : part.name === name);
    const field = ofCluster ? 'clusters' : 'listeners';
    accepted = { ...accepted, [field]: accepted[field].filter(part => !isRefused(part)) };
    return { why: describeRefusal(refusal), alone: { ...none, [field]: config[field].filter(isRefused) } };
  });
  return { accepted, refused };
}

/** The resources that a real Envoy accepts nevertheless. */
export async function acceptedNevertheless(refused: readonly Refused[]): Promise<string[]> {
  const verdicts = await envoyVerdicts(refused.map(({ alone }) => ({ configs: [alone], isExpected: false })));
  return refused.filter((_, place) => verdicts[place] === undefined).map(({ why }) => `Envoy accepts it: ${why}`);
}
