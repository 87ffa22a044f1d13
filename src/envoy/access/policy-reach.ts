import type { Permission, Principal, RbacPolicy } from '../xds/rbac';

/** How much a policy of Envoy matches. */
export type Reach = 'everything' | 'some' | 'nothing';

/** How much a policy matches of the connections to a port of the pods; without a port, of those to any. */
export function reachOf({ permissions, principals }: RbacPolicy, port?: number): Reach {
  return all([any(permissions.map(each => ofPermission(each, port))), any(principals.map(ofPrincipal))]);
}

function ofPermission(permission: Permission, port: number | undefined): Reach {
  const { any: isAny, andRules, orRules, notRule, destinationPort } = permission;
  if (isAny) return 'everything';
  if (andRules) return all(andRules.rules.map(each => ofPermission(each, port)));
  if (orRules) return any(orRules.rules.map(each => ofPermission(each, port)));
  if (notRule) return opposite(ofPermission(notRule, port));
  if (destinationPort === undefined || port === undefined) return 'some';
  return destinationPort === port ? 'everything' : 'nothing';
}

function ofPrincipal({ any: isAny, andIds, orIds, notId }: Principal): Reach {
  if (isAny) return 'everything';
  if (andIds) return all(andIds.ids.map(ofPrincipal));
  if (orIds) return any(orIds.ids.map(ofPrincipal));
  return notId ? opposite(ofPrincipal(notId)) : 'some';
}

function all(parts: readonly Reach[]): Reach {
  if (parts.includes('nothing')) return 'nothing';
  return parts.includes('some') ? 'some' : 'everything';
}

function any(parts: readonly Reach[]): Reach {
  if (parts.includes('everything')) return 'everything';
  return parts.includes('some') ? 'some' : 'nothing';
}

function opposite(reach: Reach): Reach {
  if (reach === 'some') return 'some';
  return reach === 'everything' ? 'nothing' : 'everything';
}
