import type { Construct } from 'constructs';
import { AccessRules } from './access-rules';
import { AppState } from './app-state';
import { hasForeignAccess } from './foreign-access';
import { scopedDenial } from './scoped-access-plan';
import { metBy } from '../compile/met-requests';
import type { RequestClass } from '../compile/request-class';
import type { AccessRule } from '../model/access';
import { isForAllRequests } from '../model/access';
import type { Scope } from '../model/scope';

/** A gateway whose clients need access. */
export interface LockableGateway {
  readonly name: string;
  /** Whether clients may be callers with an identity: by a client certificate, or by the mutual TLS of the mesh. */
  readonly verifiesClients: boolean;
  /** The pods that policies with the selector of the gateway apply to. */
  readonly pods: Scope;
  /** The namespace of the pods, if it is known. */
  readonly namespace?: string;
  /** What clients send, by host. */
  readonly requests: readonly RequestClass[];
  readonly repair: string;
}

/**
 * The errors of a gateway that lets no client in, or none of a host, for the validation of cdk8s. Policies of the mesh apply to its pods
 * too. Whatever may let clients in, such as a policy of the namespace where the pods may be, leaves it undecided.
 */
export function gatewayLockErrors(by: Construct, gateway: LockableGateway): string[] {
  const { name, verifiesClients, pods, namespace, repair } = gateway;
  const { rootNamespace } = AppState.of(by);
  const rules = AccessRules.of(by);
  const all = [...rules.about(pods), ...namespace !== undefined && namespace !== pods.namespace ? rules.ofNamespace(namespace) : []];
  const so = `so Envoy denies everything that clients of the gateway '${name}' send`;
  const denying = all.filter(rule => rule.action === 'DENY' && rule.containerPorts === undefined && rule.ports === undefined
    && !rule.terms.callers && !rule.except.callers);
  const total = denying.find(isForAllRequests);
  if (total) return [`${by.node.path}: ${total.path} denies all callers, ${so}; limit what is denied`];
  const allowing = all.filter(({ action }) => action === 'ALLOW');
  const denial = scopedDenial(by, namespace ?? pods.namespace);
  const mayLetIn = ({ action, terms: { callers } }: AccessRule) => action === 'ALLOW' && (callers === undefined || verifiesClients);
  const others = namespace === undefined ? rules.maybeAbout(pods) : rules.besidePods({ ...pods, namespace }, rootNamespace);
  const isOpen = (allowing.length === 0 && denial === undefined)
    || others.some(rule => mayLetIn(rule) && !all.includes(rule)) || hasForeignAccess(by);
  const admitting = allowing.filter(mayLetIn);
  if (!isOpen && admitting.length === 0) {
    const paths = [...new Set(allowing.map(({ path }) => path))].sort().join(', ');
    return [`${by.node.path}: ${allowing.length > 0 ? `${paths} allows only callers with an identity, which clients do not have`
      : `${denial} denies all callers${namespace === undefined ? ' of the mesh' : ''}`}, ${so}; ${repair}`];
  }
  return gateway.requests.flatMap(requests => hostErrors(by, requests, denying, isOpen ? undefined : admitting));
}

/** The error of a host that clients cannot reach. `admitting` is undefined if other policies may admit clients. */
function hostErrors(
  by: Construct, requests: RequestClass, denying: readonly AccessRule[], admitting: readonly AccessRule[] | undefined,
): string[] {
  const so = `so Envoy denies everything that clients send for ${requests.host}`;
  const denied = denying.find(rule => metBy(rule, requests).part === 'all');
  if (denied) return [`${by.node.path}: ${denied.path} denies all its requests, ${so}; limit what is denied`];
  const missed = admitting?.map(rule => ({ path: rule.path, ...metBy(rule, requests) })) ?? [];
  if (missed.length === 0 || missed.some(({ part }) => part !== 'none')) return [];
  const fields = [...new Set(missed.map(({ path, field }) => `\`${field}\` of ${path}`))].sort().join(' or ');
  return [`${by.node.path}: nothing that clients send for ${requests.host} meets ${fields}, ${so}; `
    + 'change the condition, or allow these requests in another WorkloadAccess'];
}
