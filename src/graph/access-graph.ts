import type { CallersEdge } from './access-edges';
import { accessEdges } from './access-edges';
import { GraphDraft } from './graph-draft';
import type { MeshGraph } from './mesh-graph';
import type { Edge } from '../edge/edge';
import { AuthorizationPolicies, actionOf, isDryRun } from '../envoy/access/authorization-policies';
import { RequestAuthentications } from '../envoy/access/request-authentications';
import type { Proxy } from '../envoy/proxy';
import type { Translator } from '../envoy/translator';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import type { Labels } from '../manifest/labels';
import { selects } from '../manifest/labels';
import type { ManifestOf } from '../manifest/manifest';
import { manifestsOf, readManifests } from '../manifest/manifest';
import { AccessMap } from '../simulator/access-map/access-map';

/** The group of callers that are not those of one namespace. */
const ANYWHERE = 'any namespace';

/** What is known of the mesh, besides its objects. */
export interface AccessOptions {
  readonly translator: Translator;
  readonly edge: Edge;
  readonly gateways: readonly Proxy[];
  readonly rootNamespace: string;
  /** The namespace of objects without one. */
  readonly defaultNamespace: string;
}

interface Policies {
  readonly authorizations: AuthorizationPolicies;
  readonly tokens: RequestAuthentications;
}

/**
 * Draws who may call whom, as the sidecars and gateways decide it: an edge per caller, with the requests that it may send as its label.
 * Calls that access policies refuse are blocked edges, and those that they do not decide are edges of their own. Services that all callers
 * may call have no edges, and the label `open`.
 */
export function buildAccessGraph(objects: readonly KubernetesObject[], options: AccessOptions): MeshGraph {
  const { translator, edge, gateways, rootNamespace, defaultNamespace } = options;
  const placed = objects.map(object => ({ ...object, metadata: { namespace: defaultNamespace, ...object.metadata } }));
  const { manifests } = readManifests(placed);
  const policies: Policies = {
    authorizations: new AuthorizationPolicies(manifestsOf(manifests, 'AuthorizationPolicy'), rootNamespace),
    tokens: new RequestAuthentications(manifestsOf(manifests, 'RequestAuthentication'), rootNamespace),
  };
  const map = new AccessMap({ translator, edge }, manifestsOf(manifests, 'DestinationRule').some(setsTls));
  const hosts = new Map(translator.services.map(service => [service.host.split('.', 2).join('.'), service]));
  const draft = new GraphDraft();
  for (const { metadata: { name, namespace = '' }, spec } of manifestsOf(manifests, 'Service')) {
    const { selector: labels = {} } = spec ?? {};
    const service = hosts.get(`${name}.${namespace}`);
    if (Object.keys(labels).length === 0 || !service || isOfGateway(gateways, namespace, labels)) continue;
    const id = `service ${name}.${namespace}`;
    draft.node(id, 'service', name, namespace);
    const stated = { type: 'sidecar', namespace, labels } as const;
    const pods = translator.sidecarsOf(stated);
    if (pods[0] === stated) draft.badge(id, 'no pods', 'the input has no pods of the service, so policies are drawn by its selector');
    namePolicies(draft, id, policies, pods);
    const access = map.ofService(service.host, service.ports.map(({ number }) => number));
    if (access) drawCallers(draft, id, accessEdges(access));
    else draft.badge(id, 'no sidecar', 'the pods of the service have no sidecar, which would decide who may call');
  }
  for (const gateway of gateways) {
    const access = map.ofGateway(gateway);
    if (access.length === 0) continue;
    const title = Object.entries(gateway.labels ?? {}).map(([key, value]) => `${key}=${value}`).join(',');
    const id = `gateway ${gateway.namespace}/${title}`;
    draft.node(id, 'gateway', title, gateway.namespace);
    namePolicies(draft, id, policies, [gateway]);
    drawCallers(draft, id, accessEdges(access));
  }
  return draft.finished();
}

/** Whether a DestinationRule sets how callers connect, which those of other namespaces may not see. */
function setsTls({ spec }: ManifestOf<'DestinationRule'>): boolean {
  return [spec, ...spec?.subsets ?? []].some(level => (
    [level?.trafficPolicy, ...level?.trafficPolicy?.portLevelSettings ?? []].some(policy => policy?.tls !== undefined)));
}

function isOfGateway(gateways: readonly Proxy[], namespace: string, labels: Labels): boolean {
  return gateways.some(gateway => gateway.namespace === namespace && selects(gateway.labels ?? {}, labels));
}

function namePolicies(draft: GraphDraft, id: string, policies: Policies, pods: readonly Proxy[]): void {
  const { authorizations, tokens } = policies;
  for (const { issuer } of pods.flatMap(pod => tokens.rulesOf(pod, []))) {
    draft.badge(id, 'tokens', `tokens of ${issuer ?? 'any issuer'} count, and requests with invalid tokens get 401`);
  }
  for (const policy of new Set(pods.flatMap(pod => authorizations.of(pod)))) {
    if (isDryRun(policy) || actionOf(policy) === 'AUDIT') continue;
    draft.badge(id, 'access', `${actionOf(policy)} by AuthorizationPolicy ${policy.metadata.namespace}/${policy.metadata.name}`);
  }
}

function drawCallers(draft: GraphDraft, id: string, edges: readonly CallersEdge[]): void {
  if (edges.every(({ kind, isWhole }) => kind === 'route' && isWhole)) {
    draft.badge(id, 'open', 'all callers may call');
    return;
  }
  const exceptions = new Set(edges.flatMap(({ callers }) => callers.filter(isExcepting)));
  for (const { callers, kind, labels } of edges) {
    for (const caller of callers) {
      // The others have edges of their own.
      const name = exceptions.size === 1 && isExcepting(caller) ? caller.replace(/^every (caller|workload) .*$/, 'all other $1s') : caller;
      const from = nodeOf(draft, name);
      for (const label of labels.length > 0 ? labels : ['']) draft.edge(from, id, kind, label);
    }
  }
}

function isExcepting(name: string): boolean {
  return /^every (?:caller|workload) except /.test(name);
}

/** The node of callers by their name, such as `shop/web` or `every workload of namespace shop`. */
function nodeOf(draft: GraphDraft, name: string): string {
  const [, all, namespace, more = ''] = /^(every workload|workloads) of namespace (\S+)( except .*)?$/.exec(name) ?? [];
  const [, of, account] = /^([^/\s]+)\/([^/\s]+)$/.exec(name) ?? [];
  const [title, group] = all !== undefined ? [`every workload${more}`, namespace] : account !== undefined ? [`account ${account}`, of]
    : [name, ANYWHERE];
  const id = `caller ${group}/${title}`;
  draft.node(id, 'caller', title, group);
  return id;
}
