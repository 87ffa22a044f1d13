import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { knownOrigin } from './origins';
import { ScopedAccessPlan } from './scoped-access-plan';
import type { Scope } from '../model/scope';
import { maySelect } from '../model/scope';

/** The pods of a gateway: those that policies with its selector apply to, and their namespace, if it is known. */
export interface GatewayPods {
  readonly scope: Scope;
  readonly namespace?: string;
}

/** Whether a TokenAuthentication, or an object that this library did not create, may verify tokens at the pods of a gateway. */
export function mayVerifyTokens(by: Construct, { scope: pods, namespace }: GatewayPods): boolean {
  const verifies = ({ scope, verifiesTokens }: ScopedAccessPlan) => verifiesTokens && scope.kind !== 'waypoint' && (scope.kind === 'mesh'
    || (scope.kind === 'namespace' ? namespace === undefined || namespace === scope.namespace : maySelect(scope, pods)));
  return ScopedAccessPlan.all(by).some(verifies) || by.node.root.node.findAll().some(node => (
    ApiObject.isApiObject(node) && node.kind === 'RequestAuthentication' && !knownOrigin(node)));
}
