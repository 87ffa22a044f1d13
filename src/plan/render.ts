import type { ConnectionEntry } from './connection-plan';
import { connectionOrigins, connectionRoutes } from './connection-render';
import { destination, destinations } from './destinations';
import type { Handover, HostPlan } from './host-plan';
import { inOrder } from './in-order';
import type { Origin } from './origins';
import type { Entry } from './product';
import type { ServicePlan } from './service-plan';
import type { Decoration, Mirror } from './statements';
import { isMirror } from './statements';
import type {
  DestinationRuleSpec, DestinationRuleSpecSubsetsTrafficPolicy, DestinationRuleSpecTrafficPolicy, VirtualServiceSpec, VirtualServiceSpecHttp,
} from '../../imports/networking.istio.io';
import type { MatchTerm } from '../manifest/match-algebra';
import { istioMatch } from '../manifest/match-algebra';
import { fail } from '../traffic/problem';
import { Location } from '../traffic/service-entry';
import type { ServiceEntryParts } from '../traffic/service-entry';

/** The VirtualService of a service for callers in the mesh. */
export function meshVirtualService(plan: ServicePlan): VirtualServiceSpec {
  const ports = plan.httpPorts;
  const bound = ports.length > 1 || ports[0] !== 80;
  const http = () => meshEntries(plan).map(({ entry, port, name }) => httpRoute(entry, port, name, bound));
  if (!plan.connections) return { hosts: [plan.facts.host], http: http(), exportTo: exportTo(plan) };
  const { requests, connections } = meshConnections(plan);
  const routes = connectionRoutes(connections);
  const hosts = routes.tls ? [...plan.connections.names] : [plan.facts.host];
  return { hosts, ...(requests ? { http: http() } : {}), ...routes, exportTo: exportTo(plan) };
}

/** Which of its two kinds of routes a service with both has: those that somebody addressed; asked for nothing, those it can have. */
function meshConnections(plan: ServicePlan): { readonly requests: boolean; readonly connections: readonly ConnectionEntry[] } {
  plan.refuseUnsound();
  const requests = plan.httpPorts.length > 0 && (plan.addresses('mesh') || !plan.connections!.addressesMesh);
  return { requests, connections: plan.connections!.meshEntries(!requests && !plan.connections!.addressesMesh) };
}

/** The entries of each port. */
export function meshEntries(plan: ServicePlan): { readonly entry: Entry; readonly port: number; readonly name: string }[] {
  const { entries } = plan.meshProduct();
  const found: { entry: Entry; port: number; name: string }[] = [];
  for (const port of plan.httpPorts) {
    for (const entry of entries) {
      if (!entry.terms.some(term => holdsAt(term, port))) continue;
      found.push({ entry, port, name: plan.httpPorts.length > 1 ? `${entry.name}-${port}` : entry.name });
    }
  }
  return found;
}

function holdsAt(term: MatchTerm, port: number): boolean {
  return term.port === undefined || term.port === port;
}

/** The constructs behind each route of the mesh VirtualService. */
export function meshOrigin(plan: ServicePlan): Origin {
  const { requests, connections } = plan.connections ? meshConnections(plan) : { requests: true, connections: [] };
  const named = requests ? meshEntries(plan).map(({ entry, name }) => [name, origins(entry)]) : [];
  return { routes: { ...Object.fromEntries(named), ...connectionOrigins(connections) } };
}

/** The constructs behind each route of a public host. */
export function publicOrigin(host: HostPlan): Origin {
  const named = host.blocks().flatMap(({ entries }) => entries.map(entry => [entry.name, origins(entry)]));
  return { routes: { ...Object.fromEntries(named), ...connectionOrigins(host.connections()) } };
}

function origins(entry: Entry): string[] {
  return [entry.route.path, ...(entry.cohort ? [entry.cohort.path] : []), ...entry.split, ...entry.decorations.map(d => d.path)];
}

/** The VirtualService of a public host, bound to its gateway. */
export function publicVirtualService(host: HostPlan, gateway: string): VirtualServiceSpec {
  const errors = host.judge();
  if (errors.length > 0) fail(host.path, errors.join('\n'));
  const http = publicRoutes(host);
  return { hosts: [host.host], gateways: [gateway], ...(http.length > 0 ? { http } : {}), ...connectionRoutes(host.connections()) };
}

/** The routes of a public host in order, and where it hands over. */
export function publicRoutes(host: HostPlan): VirtualServiceSpecHttp[] {
  return host.blocks().flatMap(({ exposure, handover, entries }) => {
    if (handover) return [handoverRoute(handover)];
    const port = exposure!.port ?? exposure!.service.httpPorts[0];
    return entries.map(entry => httpRoute(entry, port, entry.name, false));
  });
}

function handoverRoute({ name, pathPrefix, delegate }: Handover): VirtualServiceSpecHttp {
  const segment = (pathPrefix ?? '').replace(/\/+$/, '');
  return { name, ...(segment === '' ? {} : { match: [{ uri: { exact: segment } }, { uri: { prefix: `${segment}/` } }] }), delegate };
}

/** The DestinationRule of a service: its subsets, and each level's policy with what it inherits. */
export function destinationRule(plan: ServicePlan): DestinationRuleSpec {
  plan.refuseUnsound();
  const subsets = inOrder([...plan.subsets.keys()]).map(name => {
    const trafficPolicy = plan.policies.subsetPolicy(name) as DestinationRuleSpecSubsetsTrafficPolicy | undefined;
    return { name, labels: plan.subsets.get(name)!.labels, trafficPolicy };
  });
  const trafficPolicy = plan.policies.trafficPolicy() as DestinationRuleSpecTrafficPolicy | undefined;
  return { host: plan.facts.host, trafficPolicy, subsets: subsets.length > 0 ? subsets : undefined, exportTo: exportTo(plan) };
}

export function exportTo({ facts }: ServicePlan): string[] | undefined {
  return facts.exportTo && [...facts.exportTo];
}

/** The ServiceEntry of hosts outside of the cluster. */
export function serviceEntry(entry: ServiceEntryParts & { readonly subjectAltNames?: string[] }): object {
  return {
    hosts: entry.hosts,
    addresses: entry.addresses,
    ports: entry.ports.map(({ number, name, protocol, targetPort }) => ({ number, name, protocol, targetPort })),
    location: entry.location ?? Location.MESH_EXTERNAL,
    resolution: entry.resolution,
    endpoints: entry.endpoints,
    workloadSelector: entry.workloadSelector && { labels: entry.workloadSelector },
    exportTo: entry.exportTo,
    subjectAltNames: entry.subjectAltNames,
  };
}

/** An entry at a port; `bound` where it says so. */
export function httpRoute(entry: Entry, port: number, name: string, bound: boolean): VirtualServiceSpecHttp {
  const route = {
    name,
    match: matches(entry, port, bound),
    rewrite: Object.keys(entry.rewrite).length > 0 ? entry.rewrite : undefined,
    route: entry.answer ? undefined : destinations(entry.shares, port),
  };
  if (entry.answer) Object.assign(route, entry.answer);
  if (entry.decorations.length > 0) Object.assign(route, decorations(entry.decorations, port));
  return route;
}

/** What an entry matches at a port; nothing where it takes every request. */
function matches(entry: Entry, port: number, bound: boolean): VirtualServiceSpecHttp['match'] {
  const { statPrefix } = entry.route;
  const terms: { readonly [field: string]: unknown }[] = [];
  for (const term of entry.terms) {
    if (holdsAt(term, port)) terms.push(istioMatch(bound || term.port !== undefined ? { ...term, port: bound ? port : undefined } : term));
  }
  const unconditional = terms.some(term => Object.keys(term).length === 0);
  if (statPrefix === undefined) return unconditional ? undefined : terms;
  return (unconditional ? [{}] : terms).map(term => ({ ...term, statPrefix }));
}

function decorations(all: readonly Decoration[], port: number): Partial<VirtualServiceSpecHttp> {
  const result: { [field: string]: unknown } = {};
  const mirrors: Mirror[] = [];
  for (const { value } of all) {
    if (isMirror(value)) {
      if (value.percent > 0) mirrors.push(value);
    } else {
      // A delay and an abort may come from two constructs.
      Object.assign(result, 'fault' in value && result.fault ? { fault: { ...result.fault, ...value.fault as object } } : value);
    }
  }
  return mirrors.length === 0 ? result : Object.assign(result, mirroring(mirrors, port));
}

function mirroring(mirrors: readonly Mirror[], port: number): Partial<VirtualServiceSpecHttp> {
  const policies = mirrors.map(({ mirror, percent }) => ({
    destination: destination(mirror, port), percentage: percent < 100 ? { value: percent } : undefined,
  }));
  return policies.length > 1 ? { mirrors: policies } : { mirror: policies[0].destination, mirrorPercentage: policies[0].percentage };
}
