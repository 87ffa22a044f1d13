import type { Route } from './converted';
import type { GatewayClasses } from './gateway-classes';
import type { ParentListener } from './gateway-listeners';
import { parentKey } from './gateway-listeners';
import type { Problem } from './problem';
import { problem } from './problem';
import type { KindKey } from './references';
import { GATEWAY, GROUP, LISTENER_SET, SERVICE, SERVICE_ENTRY, kindOf } from './references';
import type { Referents } from './referents';
import type { ParentReference } from '../manifest/gateway-api-specs.generated';
import { hostsOverlap, isHostWithin, isWildcard, serviceHost } from '../manifest/host-name';
import type { Labels } from '../manifest/labels';
import { USE_WAYPOINT, USE_WAYPOINT_NAMESPACE } from '../manifest/waypoint-labels';

/** The gateway name of routes that attach to a service. */
const MESH = 'mesh';

/** Something that a route attaches to: a listener, or a service. */
export interface RouteParent {
  readonly reference: ParentReference;
  readonly gatewayName: string;
  readonly isMesh: boolean;
  /** The hostname of the listener; empty if it has none. */
  readonly hostname: string;
  /** The hostnames of other listeners of the Gateway, with the same port and protocol. */
  readonly otherHostnames: readonly string[];
  /** The hosts of the service; empty for a listener. */
  readonly serviceHosts: readonly string[];
}

export interface ParentContext {
  readonly referents: Referents;
  readonly classes: GatewayClasses;
  readonly clusterDomain: string;
  readonly listeners: ReadonlyMap<string, readonly ParentListener[]>;
  /** Called with each reference that a route is not attached by. */
  readonly onParentProblem: (route: Route, parent: number, why: Problem) => void;
}

/** What a route is attached to, in the order in which istiod converts it. */
export interface Attachment {
  readonly parents: readonly RouteParent[];
  /** Whether a reference is to a service, or to a listener, even if the route is not attached. */
  readonly refersToMesh: boolean;
  readonly refersToGateway: boolean;
}

interface Candidate extends RouteParent {
  readonly order: string;
  readonly denied?: Problem;
}

/** Attaches a route to the parents that take it. */
export function attach(route: Route, context: ParentContext): Attachment {
  const own = route.metadata.namespace ?? '';
  const candidates = (route.spec?.parentRefs ?? []).flatMap((reference, i) => {
    const found = candidatesOf(reference, route, context);
    const denied = found.length > 0 && found.every(({ denied: why }) => why !== undefined);
    if (denied) context.onParentProblem(route, i, worst(found.map(each => each.denied!)));
    return found.map((each): Candidate => ({ ...each, order: orderOf(reference, own) }));
  });
  const ordered = [...candidates].sort((a, b) => compare(a.order, b.order));
  return {
    parents: ordered.filter(({ denied }) => denied === undefined).sort((a, b) => compare(a.gatewayName, b.gatewayName)),
    refersToMesh: candidates.some(({ isMesh }) => isMesh),
    refersToGateway: candidates.some(({ isMesh }) => !isMesh),
  };
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

/** istiod reports the reason of the listener that came nearest to taking the route. */
function worst(problems: readonly Problem[]): Problem {
  const ranks = ['NotAllowedByListeners', 'NoMatchingListenerHostname', 'NoMatchingParent'];
  const [first] = [...problems].sort((a, b) => ranks.indexOf(a.reason) - ranks.indexOf(b.reason));
  const { missing } = problems.find(each => each.missing) ?? first;
  return { ...first, ...missing && { missing } };
}

/** A reference as the string by which istiod sorts. */
function orderOf({ group = GROUP, kind = 'Gateway', name = '', sectionName = '', port = 0, namespace }: ParentReference, own: string): string {
  return `${group}/${kind}/${name}/${sectionName}/${port}.${namespace ?? own}`;
}

function candidatesOf(reference: ParentReference, route: Route, context: ParentContext): Omit<Candidate, 'order'>[] {
  const kind = kindOf(reference, GATEWAY);
  if (kind === SERVICE || kind === SERVICE_ENTRY) return serviceCandidates(reference, kind, route, context);
  if (kind !== GATEWAY && kind !== LISTENER_SET) return [];
  const { name = '', namespace = route.metadata.namespace ?? '' } = reference;
  const listeners = context.listeners.get(parentKey(kind, namespace, name)) ?? [];
  return listeners.map(listener => {
    const beside = listeners.filter(other => other.port === listener.port && other.protocol === listener.protocol);
    const otherHostnames = [...new Set(beside.map(({ hostname }) => hostname))].filter(hostname => hostname !== listener.hostname);
    const { gatewayName, hostname } = listener;
    const denied = listenerDenies(listener, reference, route, context.referents);
    return { reference, gatewayName, isMesh: false, hostname, otherHostnames, serviceHosts: [], ...denied && { denied } };
  });
}

function serviceCandidates(reference: ParentReference, kind: KindKey, route: Route, context: ParentContext): Omit<Candidate, 'order'>[] {
  const { name = '', namespace = route.metadata.namespace ?? '' } = reference;
  const { referents, clusterDomain } = context;
  const object = referents.get(kind === SERVICE ? 'Service' : 'ServiceEntry', namespace, name);
  if (object && hasForeignWaypoint(object.metadata.labels, namespace, context)) return [];
  const serviceHosts = kind === SERVICE ? [serviceHost(name, namespace, clusterDomain)]
    : referents.get('ServiceEntry', namespace, name)?.spec?.hosts ?? [];
  const missing = { kind: kind === SERVICE ? 'Service' : 'ServiceEntry', namespace, name } as const;
  const denied = object ? undefined : problem('NoMatchingParent', `${missing.kind} ${namespace}/${name} does not exist`, missing);
  return [{ reference, gatewayName: MESH, isMesh: true, hostname: '', otherHostnames: [], serviceHosts, ...denied && { denied } }];
}

/** Whether requests to a service pass a waypoint of another controller, which then converts its routes. */
function hasForeignWaypoint(labels: Labels = {}, namespace: string, { referents, classes }: ParentContext): boolean {
  const stating = labels[USE_WAYPOINT] === undefined ? referents.namespaceLabels(namespace) ?? {} : labels;
  const name = stating[USE_WAYPOINT] ?? '';
  if (name === '' || name.toLowerCase() === 'none') return false;
  const waypoint = referents.get('KubernetesGateway', stating[USE_WAYPOINT_NAMESPACE] || namespace, name);
  return waypoint !== undefined && classes.isOfAnotherController(waypoint.spec?.gatewayClassName ?? '');
}

/** Why a listener does not take a route. */
function listenerDenies(
  listener: ParentListener, { port = 0, sectionName = '' }: ParentReference, route: Route, referents: Referents,
): Problem | undefined {
  if (port !== 0 && port !== listener.port) return problem('NoMatchingParent', `no listener has port ${port}`);
  if (sectionName !== '' && sectionName !== listener.section) return problem('NoMatchingParent', `no listener is named '${sectionName}'`);
  return hostnameDenied(listener, route, referents) ?? (listener.routeKinds.includes(`${GROUP}/${route.kind}`) ? undefined
    : problem('NotAllowedByListeners', `listener '${listener.section}' takes no ${route.kind}`));
}

/** Wildcards match in both directions, and a wildcard may stand for several labels. One hostname that matches is enough. */
function hostnameDenied(
  { hosts, hostname, section, selectsNamespaces }: ParentListener, route: Route, referents: Referents,
): Problem | undefined {
  const stated = (route.kind === 'TCPRoute' ? undefined : route.spec?.hostnames) ?? [];
  const hostnames = stated.length === 0 ? ['*'] : stated;
  const own = route.metadata.namespace ?? '';
  const servers = hosts.map(host => host.split('/'));
  const common = servers.filter(([, host]) => hostnames.some(each => hostsOverlap(host, each)));
  if (common.some(([namespace]) => namespace === '*' || namespace === own)) return undefined;
  if (common.length === 0) return problem('NoMatchingListenerHostname', `no hostname matches ${hostname || '*'} of listener '${section}'`);
  const isUnknown = selectsNamespaces && referents.namespaceLabels(own) === undefined;
  return problem('NotAllowedByListeners', `listener '${section}' takes no routes of namespace ${own}`,
    isUnknown ? { kind: 'Namespace', namespace: '', name: own } : undefined);
}

/** Whether a host of a route belongs to a parent: of overlapping listeners, only the most specific one has it. */
export function servesHost({ hostname, otherHostnames, isMesh }: RouteParent, host: string): boolean {
  if (isMesh || hostname !== '' && !isWildcard(hostname)) return true;
  if (hostname !== '' && !hostsOverlap(host, hostname)) return false;
  return !otherHostnames.some(other => other.length >= hostname.length && isHostWithin(host, other));
}
