import { takesListeners } from './allowed-namespaces';
import type { GeneratedGateway } from './converted';
import { GATEWAY_SEMANTICS, GATEWAY_SERVICE, GENERATED, PARENT_NAMESPACE, PARENTS, SERVICE_ACCOUNT, generated } from './converted';
import type { Controller, GatewayClasses } from './gateway-classes';
import { gatewayProblems, serviceProblems } from './gateway-problems';
import type { ListenerOwner, StatedListener } from './listener';
import { isManaged, listenersOf, listenersOfSet, managedName, routeKinds, serviceName } from './listener';
import { listenerConflicts } from './listener-conflicts';
import { listenerServer, reportedAlone } from './listener-server';
import type { TlsContext } from './listener-tls';
import { managedService } from './managed-services';
import type { Problem } from './problem';
import { problem } from './problem';
import type { KindKey } from './references';
import { GATEWAY, LISTENER_SET, kindOf } from './references';
import type { Referents } from './referents';
import { addToGroup } from '../manifest/group-by';
import { serviceHost } from '../manifest/host-name';
import type { Server } from '../manifest/istio-specs.generated';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { byAgeAndNamespace } from '../manifest/kubernetes-object';
import type { ManifestOf } from '../manifest/manifest';
import type { FieldPath } from '../manifest/provenance';

const ACCOUNT_OVERRIDE = 'gateway.istio.io/service-account';

/** A listener that routes may attach to. */
export interface ParentListener {
  /** The name by which VirtualServices refer to its gateway. */
  readonly gatewayName: string;
  readonly routeKinds: readonly KindKey[];
  /** The hosts of its server: `namespace/host`. */
  readonly hosts: readonly string[];
  /** Its own hostname; empty if it has none. */
  readonly hostname: string;
  readonly section: string;
  readonly port: number;
  readonly protocol: string;
  /** Whether it takes the routes of namespaces with some labels. */
  readonly selectsNamespaces: boolean;
}

export interface ListenerContext extends TlsContext {
  readonly classes: GatewayClasses;
  readonly clusterDomain: string;
  /** Called with each problem of a listener. */
  readonly onListenerProblem: (stated: StatedListener, why: Problem) => void;
  /** Called with each problem of a Gateway or a ListenerSet as a whole. */
  readonly onOwnerProblem: (owner: ListenerOwner, path: FieldPath, why: Problem) => void;
}

/** What istiod makes of the listeners of all Gateways. */
export interface GatewayListeners {
  /** The Services that Istio makes for Gateways. */
  readonly services: readonly KubernetesObject[];
  readonly gateways: readonly GeneratedGateway[];
  /** The listeners of a Gateway or a ListenerSet, by `parentKey`. */
  readonly parents: ReadonlyMap<string, readonly ParentListener[]>;
}

/** Identifies what a route attaches to. */
export function parentKey(kind: KindKey, namespace: string, name: string): string {
  return `${kind} ${namespace}/${name}`;
}

/** Converts the listeners of Gateways, and of the ListenerSets that they take, to an Istio Gateway with one server each. */
export function gatewayListeners(
  { gateways: stated, sets }: { gateways: readonly ManifestOf<'KubernetesGateway'>[]; sets: readonly ManifestOf<'ListenerSet'>[] },
  context: ListenerContext,
): GatewayListeners {
  const setsByGateway = byParent(sets);
  const made: KubernetesObject[] = [];
  const gateways: GeneratedGateway[] = [];
  const parents = new Map<string, ParentListener[]>();
  for (const gateway of stated) {
    const controller = context.classes.controllerOf(gateway.spec?.gatewayClassName ?? '');
    if (!controller || controller.isRemote) continue;
    const { namespace = '', name } = gateway.metadata;
    const taken = takenSets(gateway, setsByGateway.get(`${namespace}/${name}`) ?? [], controller, context);
    const service = managedService(gateway, taken, controller);
    if (service) made.push(service);
    const services = servicesOf(gateway, controller, context.clusterDomain);
    const problems = gatewayProblems(gateway, context);
    for (const { path, why } of problems) context.onOwnerProblem(gateway, path, why);
    const [ofAddress] = problems.filter(({ why }) => why.reason === 'UnsupportedAddress');
    for (const set of ofAddress ? taken : []) context.onOwnerProblem(set, ['spec', 'parentRef'], ofAddress.why);
    const all = served(gateway, taken, controller, context);
    const ports = all.map(({ listener: { listener: { port = 0 } } }) => port);
    for (const { path, why } of serviceProblems(gateway, ports, context)) context.onOwnerProblem(gateway, path, why);
    for (const { listener, server, isValid, isTunnel } of all) {
      if (isTunnel) continue;
      // A listener of a Gateway takes routes even if it gets no configuration; one of a ListenerSet does not.
      if (services.length === 0 || !isValid && listener.owner !== gateway) continue;
      const generatedGateway = istioGateway(listener, server, services, controller);
      if (isValid) gateways.push(generatedGateway);
      const { kind, metadata } = listener.owner;
      const key = parentKey(kind === 'ListenerSet' ? LISTENER_SET : GATEWAY, metadata.namespace ?? '', metadata.name);
      addToGroup(parents, key, parentListener(listener, generatedGateway, server));
    }
  }
  return { services: made, gateways, parents };
}

function byParent(sets: readonly ManifestOf<'ListenerSet'>[]): ReadonlyMap<string, ManifestOf<'ListenerSet'>[]> {
  const byGateway = new Map<string, ManifestOf<'ListenerSet'>[]>();
  for (const set of sets) {
    const { metadata: { namespace: own = '' }, spec: { parentRef = {} } = {} } = set;
    const { name = '', namespace = own } = parentRef;
    if (kindOf(parentRef, GATEWAY) === GATEWAY) addToGroup(byGateway, `${namespace}/${name}`, set);
  }
  return byGateway;
}

/** The ListenerSets that a Gateway takes, in the order in which they win conflicts. */
function takenSets(
  gateway: ManifestOf<'KubernetesGateway'>, sets: readonly ManifestOf<'ListenerSet'>[], controller: Controller,
  { referents, onOwnerProblem }: ListenerContext,
): ManifestOf<'ListenerSet'>[] {
  const { metadata: { namespace: own = '', name }, spec } = gateway;
  return sets.filter(set => {
    const namespace = set.metadata.namespace ?? '';
    if (controller.takesListenerSets && takesListeners(spec?.allowedListeners, { own, namespace }, referents)) return true;
    onOwnerProblem(set, ['spec', 'parentRef'], controller.takesListenerSets
      ? problem('NotAllowed', `Gateway ${own}/${name} takes no ListenerSets of namespace ${namespace}`,
        mayBeSelected(gateway, namespace, referents) ? { kind: 'Namespace', namespace: '', name: namespace } : undefined)
      : problem('NotAllowed', `Gateway ${own}/${name} takes no ListenerSets, because of its class '${spec?.gatewayClassName ?? ''}'`));
    return false;
  }).sort(byAgeAndNamespace);
}

/** Whether the labels of a namespace, which the input lacks, decide whether a Gateway takes its ListenerSets. */
function mayBeSelected({ spec }: ManifestOf<'KubernetesGateway'>, namespace: string, referents: Referents): boolean {
  return spec?.allowedListeners?.namespaces?.from === 'Selector' && referents.namespaceLabels(namespace) === undefined;
}

interface Served {
  readonly listener: StatedListener;
  readonly server: Server;
  readonly isValid: boolean;
  /** Whether it takes what callers send to services, and no routes. */
  readonly isTunnel: boolean;
}

/** The listeners of a Gateway that have a server. */
function served(
  gateway: ManifestOf<'KubernetesGateway'>, taken: readonly ManifestOf<'ListenerSet'>[], controller: Controller, context: ListenerContext,
): Served[] {
  const all = [...listenersOf(gateway), ...taken.flatMap(set => listenersOfSet(set, gateway))];
  const conflicts = controller.takesListenerSets ? listenerConflicts(all) : new Map<StatedListener, Problem>();
  return all.flatMap(listener => {
    const conflict = conflicts.get(listener);
    const { server, problems } = conflict ? { problems: [conflict] } : listenerServer(listener, controller, context);
    for (const why of problems) context.onListenerProblem(listener, why);
    if (!conflict) for (const why of reportedAlone(listener.listener, controller)) context.onListenerProblem(listener, why);
    const isTunnel = controller.isWaypoint === true || controller.isEastWest === true && listener.listener.port === 15008;
    return server === undefined ? [] : [{ listener, server, isValid: problems.length === 0, isTunnel }];
  });
}

/** The hosts of the Services of a gateway's pods. */
function servicesOf(gateway: ManifestOf<'KubernetesGateway'>, controller: Controller, clusterDomain: string): string[] {
  const { metadata: { namespace = '' }, spec = {} } = gateway;
  if (isManaged(spec)) return [serviceHost(serviceName(gateway, controller), namespace, clusterDomain)];
  const named = (spec.addresses ?? []).filter(({ type = 'Hostname' }) => type === 'Hostname');
  return named.map(({ value = '' }) => (value.includes('.') ? value : serviceHost(value, namespace, clusterDomain)));
}

function istioGateway(
  { owner, gateway, listener: { name = '' } }: StatedListener, server: Server, services: readonly string[], controller: Controller,
): GeneratedGateway {
  const { kind, metadata } = owner;
  const annotations = {
    [GATEWAY_SEMANTICS]: 'gateway',
    [GATEWAY_SERVICE]: services.join(','),
    [PARENTS]: `${kind}/${metadata.name}/${name}.${metadata.namespace ?? ''}`,
    ...owner !== gateway && { [PARENT_NAMESPACE]: gateway.metadata.namespace ?? '' },
    [SERVICE_ACCOUNT]: isManaged(gateway.spec ?? {})
      ? gateway.metadata.annotations?.[ACCOUNT_OVERRIDE] || managedName(gateway, controller) : '',
  };
  return generated('Gateway', { name: `${metadata.name}~${GENERATED}~${name}`, spec: { servers: [server] }, from: owner, annotations });
}

function parentListener({ listener }: StatedListener, { metadata }: GeneratedGateway, { hosts = [] }: Server): ParentListener {
  const { hostname = '', name = '', port = 0, protocol = '' } = listener;
  return {
    gatewayName: `${metadata.namespace ?? ''}/${metadata.name}`,
    routeKinds: routeKinds(listener),
    hosts,
    hostname,
    section: name,
    port,
    protocol,
    selectsNamespaces: listener.allowedRoutes?.namespaces?.from === 'Selector',
  };
}
