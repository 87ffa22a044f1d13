import type { Place } from './access-bootstrap';
import { ANSWERS } from './authorizer';
import type { Issuer } from './tokens';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { TakingPod } from '../../src/simulator/access/taking-pods';
import { question } from '../fuzz/differential';
import type { FuzzCase } from '../fuzz/fuzz-case';
import type { Json, ProxyConfig } from '../istiod/client';
import { translate } from '../istiod/client';
import { translatorFor } from '../translation';

/** A port of pods that no Service names. */
const UNDECLARED = 12345;

/** A pod on both sides. */
export interface Subject extends Place {
  /** The ports to call. */
  readonly ports: readonly number[];
  readonly trustDomain: string;
  readonly config: TakingPod['config'];
  readonly proxy: TakingPod['proxy'];
  readonly seed: number;
}

/** A mesh that verifies tokens by the key of an issuer, in the default place, and whose address blocks are in the loopback range. */
export function reachable(each: FuzzCase, { keys }: Issuer): FuzzCase {
  const signed = (object: KubernetesObject): KubernetesObject => {
    if (object.kind !== 'RequestAuthentication') return object;
    const spec = object.spec as Json;
    const rules = spec.jwtRules.map(({ fromHeaders: _h, fromParams: _p, fromCookies: _c, ...rule }: Json) => ({ ...rule, jwks: keys }));
    return { ...object, spec: { ...spec, jwtRules: rules } };
  };
  const objects = JSON.stringify(each.objects.map(signed)).replaceAll('"10.', '"127.');
  return { ...each, objects: JSON.parse(objects) as KubernetesObject[] };
}

/** The pods that have access filters. */
export async function subjectsOf(cases: readonly FuzzCase[]): Promise<Subject[]> {
  const answers = await translate(cases.map(question));
  return cases.flatMap((each, place) => {
    const answer = answers[place];
    if (answer.error !== undefined) return [];
    const translator = translatorFor(question(each));
    return each.proxies.filter(({ type }) => type === 'sidecar').flatMap((proxy, number): Subject[] => {
      const listener = inboundOf(answer.proxies.find(({ name }) => name === proxy.name)!);
      if (!decidesAccess(listener)) return [];
      const config = translator.inbound(proxy);
      const own = new Set(config.listeners.slice(1).map(({ address }) => address?.socketAddress?.portValue));
      const ports = (listener.filterChains as Json[]).map(({ filterChainMatch }) => filterChainMatch?.destinationPort as number);
      const declared = [...new Set(ports)].filter(port => port !== undefined && port !== 15006 && !own.has(port));
      return [{
        name: `${each.id} ${proxy.name}`,
        listener,
        answer: ANSWERS[Number(each.id) % ANSWERS.length],
        ports: [...declared, UNDECLARED],
        trustDomain: translator.trustDomain,
        config,
        proxy,
        seed: Number(each.id) * 10 + number,
      }];
    });
  });
}

function inboundOf({ listeners }: ProxyConfig): Json {
  return listeners.find(({ name }) => name === 'virtualInbound');
}

/** Whether some chain of a listener has access filters. */
function decidesAccess({ filterChains }: Json): boolean {
  return /\.(?:rbac|jwt_authn)"/.test(JSON.stringify(filterChains));
}
