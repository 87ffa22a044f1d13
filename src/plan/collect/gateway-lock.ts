import type { Construct } from 'constructs';
import { AccessRules } from './access-rules';
import { hasForeignAccess } from './foreign-access';
import { scopedDenial } from './scoped-access-plan';
import type { AccessRule } from '../model/access';
import { isForAllRequests } from '../model/access';
import type { Scope } from '../model/scope';

/** An ingress gateway whose clients need access. */
export interface LockableGateway {
  readonly name: string;
  /** Whether a listener asks for client certificates, so that clients may be callers with an identity. */
  readonly verifiesClients: boolean;
  readonly pods: Scope;
}

/**
 * The error of a gateway that lets no client in, for the validation of cdk8s. Policies of the mesh apply to its pods too. Whatever may let
 * clients in, such as a policy of the namespace where the pods may be, leaves it undecided.
 */
export function gatewayLockErrors(by: Construct, { name, verifiesClients, pods }: LockableGateway): string[] {
  const rules = AccessRules.of(by);
  const all = rules.about(pods);
  const so = `so Envoy denies everything that clients of the gateway '${name}' send`;
  const denying = all.find(rule => rule.action === 'DENY' && rule.ports === undefined && isForAllRequests(rule)
    && !rule.terms.callers && !rule.except.callers);
  if (denying) return [`${by.node.path}: ${denying.path} denies all callers, ${so}; limit what is denied`];
  const allowing = all.filter(({ action }) => action === 'ALLOW');
  const denial = scopedDenial(by, pods.namespace);
  if (allowing.length === 0 && denial === undefined) return [];
  const mayLetIn = ({ action, terms: { callers } }: AccessRule) => action === 'ALLOW' && (callers === undefined || verifiesClients);
  if (allowing.some(mayLetIn) || rules.maybeAbout(pods).some(mayLetIn) || hasForeignAccess(by)) return [];
  const paths = [...new Set(allowing.map(({ path }) => path))].sort().join(', ');
  return [`${by.node.path}: ${allowing.length > 0 ? `${paths} allows only callers with an identity, which clients do not have`
    : `${denial} denies all callers of the mesh`}, ${so}; add a WorkloadAccess for the gateway with Caller.anyone()`];
}
