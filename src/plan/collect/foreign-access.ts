import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { knownOrigin } from './origins';

interface Policy {
  readonly spec?: { readonly action?: string; readonly rules?: unknown };
}

/**
 * Whether the App has an AuthorizationPolicy that allows callers and that this library did not create, such as one of an included file.
 * Whom it allows is not read. `namespaces` limits the search; undefined is every namespace.
 */
export function hasForeignAccess(at: IConstruct, namespaces?: readonly string[]): boolean {
  return at.node.root.node.findAll().some(node => ApiObject.isApiObject(node) && isForeignPolicy(node)
    && (namespaces === undefined || node.metadata.namespace === undefined || namespaces.includes(node.metadata.namespace)));
}

function isForeignPolicy(object: ApiObject): boolean {
  if (object.kind !== 'AuthorizationPolicy' || object.apiGroup !== 'security.istio.io' || knownOrigin(object)) return false;
  const { spec } = object.toJson() as Policy;
  return (spec?.action ?? 'ALLOW') === 'ALLOW' && spec?.rules !== undefined;
}
