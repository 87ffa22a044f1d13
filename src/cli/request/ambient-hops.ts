import type { Proxy } from '../../envoy/proxy';
import { waypointProxy } from '../../envoy/proxy';
import type { Translator } from '../../envoy/translator';
import type { CallerFacts } from '../../simulator/access/caller';
import { parsePrincipal } from '../../simulator/access/caller';
import type { Decision } from '../../simulator/decision';
import { calledService, describeBypass, describeZtunnel } from '../../simulator/waypoint-hops';

/** Asks a proxy about a request, on behalf of a caller. */
export type Ask = (proxy: Proxy, caller: CallerFacts, address?: string) => Decision;

/** A decision, and the hops beside the proxy that decided. */
export interface Followed {
  readonly decision: Decision;
  readonly hops: readonly string[];
}

/** Asks the proxy of a caller; for a caller in ambient mode, the waypoint of the service that it calls. */
export function follow(proxy: Proxy, facts: CallerFacts, translator: Translator, ask: Ask): Followed {
  const decision = ask(proxy, facts);
  if (proxy.type === 'waypoint') return { decision, hops: [] };
  const isAmbient = decision.notJudged.some(({ decides, what }) => decides && what === 'ambient mode');
  if (!isAmbient) return { decision, hops: bypassed(proxy, decision, translator) };
  const called = calledService(decision.request.host, proxy.namespace, translator);
  if (!called) return { decision, hops: [] };
  const { service: { addresses: [address] }, binding } = called;
  const hops = [describeZtunnel(called)];
  if (binding.is !== 'bound' || binding.weighted || facts.plaintext || address === undefined) return { decision, hops };
  const { namespace, name } = binding.waypoint;
  return { decision: ask(waypointProxy(namespace, name), { ...facts, ...identityOf(proxy, facts, translator) }, address), hops };
}

/** The identity that the tunnel of a caller shows: as stated, else that of its pods if they have one. */
function identityOf(proxy: Proxy, { as }: CallerFacts, translator: Translator): Pick<CallerFacts, 'as'> {
  if (as) return { as: { namespace: proxy.namespace, ...as } };
  const identities = translator.identitiesOf(proxy);
  const account = identities.length === 1 ? parsePrincipal(identities[0]) : undefined;
  return account ? { as: account } : {};
}

/** The waypoints of the destinations that a sidecar or a gateway does not send the request to, or sends it to next. */
function bypassed(proxy: Proxy, { request, split }: Decision, translator: Translator): readonly string[] {
  const hosts = new Set([request.host, ...split.flatMap(({ host }) => host ?? [])]);
  const lines = [...hosts].flatMap(host => {
    const called = calledService(host, proxy.namespace, translator);
    return called ? describeBypass(proxy, called, translator) ?? [] : [];
  });
  return [...new Set(lines)];
}
