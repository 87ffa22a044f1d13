import type { Caller } from './caller';
import { delegationsTo } from './delegations';
import { gatewaysIn } from './gateways';
import type { VirtualService } from './virtual-services';
import { isDelegate, MESH } from './virtual-services';
import { visibilityOf } from './visibility';
import { isVisible } from '../../manifest/export-to';
import type { HTTPMatchRequest, HTTPRoute, TCPRoute, TLSRoute } from '../../manifest/istio-specs.generated';
import type { TrafficIndex } from '../traffic-index';

/** A caller, and the Gateways that it serves. */
export type Sender = Pick<Caller, 'proxy' | 'serves'>;

/** Whether a match is meant for a caller at all, as far as it states who calls and through which Gateway. */
function isMatchFor(object: VirtualService, match: HTTPMatchRequest, { proxy, serves }: Sender, index: TrafficIndex): boolean {
  const { sourceNamespace, sourceLabels, gateways = [] } = match;
  if (sourceNamespace && sourceNamespace !== proxy.namespace) return false;
  // Of a sidecar only some labels are known, if any; of a gateway's pod all.
  const isKnown = (name: string) => proxy.type === 'gateway' || proxy.labels?.[name] !== undefined;
  if (!Object.entries(sourceLabels ?? {}).every(([name, value]) => !isKnown(name) || proxy.labels?.[name] === value)) return false;
  if (proxy.type === 'sidecar' && sourceLabels && !index.workloads.mayHave(sourceLabels, proxy.namespace)) return false;
  if (gateways.length === 0 || (gateways.includes(MESH) && serves.has(MESH))) return true;
  return gatewaysIn(gateways, index.namespaceOf(object), '', index).some(({ key }) => serves.has(key));
}

/** Whether a route is meant for a caller, as far as its matches state who calls. */
export function isRouteFor(object: VirtualService, route: HTTPRoute | TLSRoute | TCPRoute, caller: Sender, index: TrafficIndex): boolean {
  const matches: readonly HTTPMatchRequest[] = route.match ?? [];
  return matches.length === 0 || matches.some(match => isMatchFor(object, match, caller, index));
}

/** A VirtualService whose proxies obey a route: the one that states it, or a root with the route that leads to it. */
export interface Obeyed {
  readonly root: VirtualService;
  readonly route?: HTTPRoute;
}

/** What proxies obey of a VirtualService: itself, or the roots that delegate to it. */
export function obeyedBy(object: VirtualService, index: TrafficIndex): readonly Obeyed[] {
  if (!isDelegate(object)) return [{ root: object }];
  return delegationsTo(object, index).filter(({ root }) => isVisible(visibilityOf(object, index), index.namespaceOf(root)));
}
