import type { AccessFacts, Finding } from './facts';
import { MET, unknown, unmet } from './facts';
import { allOf, anyOf, not } from './findings';
import { metadataFinding } from './metadata-match';
import { isLikeTemplate } from './path-template';
import { peerFinding } from './peer-match';
import type { CidrRange } from '../../envoy/xds/core';
import type { HeaderMatcher } from '../../envoy/xds/matcher';
import type { Permission, Principal, RbacPolicy } from '../../envoy/xds/rbac';
import { cidrOf } from '../../traffic/cidr';
import { withoutQuery } from '../path';
import { conditionsOf } from '../route-match';
import { stringMatcher } from '../string-matcher';

/** Whether a request or a connection is one that a rule names. */
export function policyFinding({ permissions, principals }: RbacPolicy, facts: AccessFacts): Finding {
  return allOf([
    anyOf(permissions.map(permission => permissionFinding(permission, facts))),
    anyOf(principals.map(principal => principalFinding(principal, facts))),
  ]);
}

function permissionFinding(permission: Permission, facts: AccessFacts): Finding {
  const { andRules, orRules, notRule, header, urlPath, uriTemplate, destinationIp, destinationPort, metadata, requestedServerName } =
    permission;
  if (permission.any) return MET;
  if (andRules) return allOf(andRules.rules.map(rule => permissionFinding(rule, facts)));
  if (orRules) return anyOf(orRules.rules.map(rule => permissionFinding(rule, facts)));
  if (notRule) return notRule.any ? unmet('it matches nothing') : not(permissionFinding(notRule, facts));
  if (header) return headerFinding(header, facts);
  if (urlPath) return textFinding('the path', withoutQuery(facts.request?.path ?? ''), stringMatcher(urlPath.path));
  if (uriTemplate) return templateFinding(uriTemplate.typedConfig.pathTemplate, facts);
  if (destinationIp) return addressFinding('the address of the pod', undefined, destinationIp);
  if (destinationPort !== undefined) {
    return facts.port === destinationPort ? MET : unmet(`the port of the pod is ${facts.port}, but must be ${destinationPort}`);
  }
  if (metadata) return metadataFinding(metadata, facts.token);
  if (requestedServerName) {
    if (facts.serverName === undefined) return unknown('the server name of the handshake is not known');
    // Envoy keeps the name in lower case.
    return textFinding('the server name of the handshake', facts.serverName.toLowerCase(), stringMatcher(requestedServerName));
  }
  return unknown(`the simulator does not know the condition ${JSON.stringify(permission)}`);
}

function principalFinding(principal: Principal, facts: AccessFacts): Finding {
  const { andIds, orIds, notId, authenticated, filterState, directRemoteIp, remoteIp, header, metadata } = principal;
  if (principal.any) return MET;
  if (andIds) return allOf(andIds.ids.map(id => principalFinding(id, facts)));
  if (orIds) return anyOf(orIds.ids.map(id => principalFinding(id, facts)));
  if (notId) return notId.any ? unmet('it matches nothing') : not(principalFinding(notId, facts));
  if (authenticated?.principalName) return peerFinding(authenticated.principalName, facts.peer);
  if (filterState?.stringMatch && filterState.key === PEER) return peerFinding(filterState.stringMatch, facts.peer);
  if (directRemoteIp) return addressFinding(connectionOf(facts), facts.directAddress, directRemoteIp);
  if (remoteIp) return addressFinding('the address of the caller', facts.remoteAddress, remoteIp);
  if (header) return headerFinding(header, facts);
  if (metadata) return metadataFinding(metadata, facts.token);
  return unknown(`the simulator does not know the condition ${JSON.stringify(principal)}`);
}

/** Where a waypoint keeps the identity of its caller. */
const PEER = 'io.istio.peer_principal';

function textFinding(what: string, text: string, { takes, words }: ReturnType<typeof stringMatcher>): Finding {
  return takes(text) ? MET : unmet(`${what} is '${text}' but must ${words}`);
}

function headerFinding(header: HeaderMatcher, { request }: AccessFacts): Finding {
  if (!request) return unknown('Envoy sees no request');
  const [condition] = conditionsOf({ headers: [header] });
  const met = condition.takes(request);
  return met === true ? MET : { met, why: condition.failure(request) };
}

function templateFinding(template: string, { request }: AccessFacts): Finding {
  const path = request?.path ?? '';
  // Envoy compares the query too, whose characters the templates do not have.
  if (path !== withoutQuery(path)) return unknown(`whether ${template} takes a path with a query is not modelled`);
  return isLikeTemplate(template, path) ? MET : unmet(`the path is '${path}' but must be like ${template}`);
}

function connectionOf({ isFromGateway = false }: AccessFacts): string {
  return `the address of the connection${isFromGateway ? ', which another proxy opens,' : ''}`;
}

function addressFinding(what: string, address: string | undefined, { addressPrefix, prefixLen = 0 }: CidrRange): Finding {
  const range = `${addressPrefix}/${prefixLen}`;
  if (address === undefined) return unknown(`${what} is not known, and must be in ${range}`);
  const [is, block] = [cidrOf(address), cidrOf(range)];
  const isIn = is !== undefined && block !== undefined && is.version === block.version && is.bits.startsWith(block.bits);
  return isIn ? MET : unmet(`${what} is ${address}, but must be in ${range}`);
}
