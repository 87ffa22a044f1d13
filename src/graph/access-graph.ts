import { GraphDraft } from './graph-draft';
import type { MeshGraph } from './mesh-graph';
import type { AuthorizationPolicy } from '../envoy/access/authorization-policies';
import { AuthorizationPolicies, actionOf, isDryRun } from '../envoy/access/authorization-policies';
import type { Proxy } from '../envoy/proxy';
import type { AuthorizationRule, Source } from '../manifest/istio-specs.generated';
import type { KubernetesObject } from '../manifest/kubernetes-object';
import { manifestsOf, readManifests } from '../manifest/manifest';

/** The group of callers that are not those of one namespace. */
const ANYWHERE = 'any namespace';
const IDENTITY = /^[^/]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/;

/** A caller of a rule, as a node. */
interface Named {
  readonly title: string;
  readonly group: string;
}

/** What is known of the mesh, besides its objects. */
export interface AccessOptions {
  readonly rootNamespace: string;
  /** The namespace of objects without one. */
  readonly defaultNamespace: string;
  /** The sidecars of the pods with the labels of a proxy. */
  readonly sidecarsOf: (proxy: Proxy) => readonly Proxy[];
}

/**
 * Draws who may call whom, as AuthorizationPolicies say: an edge per caller that a rule names, with the other conditions of the rule as
 * its label. Denied calls are blocked edges. Pods without a policy that allows callers are open.
 */
export function buildAccessGraph(objects: readonly KubernetesObject[], options: AccessOptions): MeshGraph {
  const { rootNamespace, defaultNamespace, sidecarsOf } = options;
  const placed = objects.map(object => ({ ...object, metadata: { namespace: defaultNamespace, ...object.metadata } }));
  const { manifests } = readManifests(placed);
  const policies = new AuthorizationPolicies(manifestsOf(manifests, 'AuthorizationPolicy'), rootNamespace);
  const draft = new GraphDraft();
  for (const { metadata: { name, namespace = '' }, spec } of manifestsOf(manifests, 'Service')) {
    const { selector: labels = {} } = spec ?? {};
    if (Object.keys(labels).length === 0) continue;
    const id = `service ${name}.${namespace}`;
    draft.node(id, 'service', name, namespace);
    const stated = { type: 'sidecar', namespace, labels } as const;
    const pods = sidecarsOf(stated);
    if (pods[0] === stated) draft.badge(id, 'no pods', 'the input has no pods of the service, so policies are drawn by its selector');
    drawPolicies(draft, id, pods.map(pod => policies.of(pod)));
  }
  return draft.finished();
}

function drawPolicies(draft: GraphDraft, id: string, lists: readonly (readonly AuthorizationPolicy[])[]): void {
  const all = new Set(lists.flat().filter(policy => !isDryRun(policy) && actionOf(policy) !== 'AUDIT'));
  for (const policy of all) {
    const isPartial = lists.some(list => !list.includes(policy));
    draft.badge(id, 'access', `${actionOf(policy)} by AuthorizationPolicy ${policy.metadata.namespace}/${policy.metadata.name}`);
    for (const rule of policy.spec?.rules ?? []) drawRule(draft, id, policy, rule, isPartial ? ['some pods'] : []);
  }
  const closed = lists.filter(list => list.some(policy => !isDryRun(policy) && actionOf(policy) === 'ALLOW')).length;
  if (closed === 0) {
    draft.badge(id, 'open', 'no AuthorizationPolicy allows callers, so all callers may call, except those that one denies');
    return;
  }
  const others = nodeOf(draft, { title: 'all other callers', group: ANYWHERE });
  draft.edge(others, id, 'blocked', closed === lists.length ? 'denied by default' : 'denied by default at some pods');
}

function drawRule(draft: GraphDraft, id: string, policy: AuthorizationPolicy, rule: AuthorizationRule, notes: readonly string[]): void {
  const action = actionOf(policy);
  const sources = rule.from?.flatMap(({ source }) => (source ? [source] : [])) ?? [];
  for (const source of sources.length > 0 ? sources : [{}]) {
    const conditions = [...notes, ...sourceWords(source), ...operationWords(rule), ...whenWords(rule)];
    const label = action === 'CUSTOM' ? [`asks ${policy.spec?.provider?.name ?? 'an authorizer'}`, ...conditions]
      : action === 'DENY' ? ['denied', ...conditions] : conditions;
    for (const caller of callersIn(source, policy.metadata.namespace ?? '')) {
      draft.edge(nodeOf(draft, caller), id, action === 'DENY' ? 'blocked' : 'route', label.join(', '));
    }
  }
}

function nodeOf(draft: GraphDraft, { title, group }: Named): string {
  const id = `caller ${group}/${title}`;
  draft.node(id, 'caller', title, group);
  return id;
}

/** The callers that a source names: each identity, and each namespace. */
function callersIn({ principals = [], namespaces = [], serviceAccounts = [] }: Source, own: string): readonly Named[] {
  const accounts = serviceAccounts.map(account => (account.includes('/') ? account.split('/') : [own, account]));
  const named = [
    ...principals.map(principal => {
      const [, group = ANYWHERE, title = principal === '*' ? 'every workload' : principal] = IDENTITY.exec(principal) ?? [];
      return { title: group === ANYWHERE ? title : `account ${title}`, group };
    }),
    ...accounts.map(([group, title]) => ({ title: `account ${title}`, group })),
  ];
  // A source with both an identity and a namespace needs both, so the identity is enough to name the caller.
  if (named.length > 0) return named;
  return namespaces.length > 0 ? namespaces.map(namespace => ({ title: 'every workload', group: namespace }))
    : [{ title: 'anyone', group: ANYWHERE }];
}

function sourceWords(source: Source): string[] {
  const { principals = [], serviceAccounts = [] } = source;
  const shown = ['principals', 'serviceAccounts', ...principals.length + serviceAccounts.length > 0 ? [] : ['namespaces']];
  return wordsOf(source, shown);
}

function operationWords({ to = [] }: AuthorizationRule): string[] {
  const operations = to.flatMap(({ operation }) => (operation ? [wordsOf(operation, []).join(' ')] : []));
  return operations.length > 0 ? [operations.join(' or ')] : [];
}

function whenWords({ when = [] }: AuthorizationRule): string[] {
  return when.flatMap(({ key, values = [], notValues = [] }) => [
    ...values.length > 0 ? [`${key} ${values.join('|')}`] : [], ...notValues.length > 0 ? [`${key} not ${notValues.join('|')}`] : [],
  ]);
}

function wordsOf(fields: object, shown: readonly string[]): string[] {
  return Object.entries(fields as { readonly [field: string]: readonly string[] | undefined })
    .filter(([field, values]) => !shown.includes(field) && (values?.length ?? 0) > 0)
    .map(([field, values]) => `${field} ${values!.join('|')}`);
}
