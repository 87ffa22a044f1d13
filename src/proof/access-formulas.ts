import { claimField } from './claims';
import type { Condition } from './condition';
import { headerConditions } from './condition';
import type { Formula } from './formula';
import { ALWAYS, NEVER, unreadFormula } from './formula';
import { regexSet, stringSetOf } from './string-set';
import type { MetadataMatcher, StringMatcher, ValueMatcher } from '../envoy/xds/matcher';
import type { Permission, Principal, RbacPolicy } from '../envoy/xds/rbac';
import { re2Quote } from '../traffic/re2';

/** What is known of the connections whose requests a filter sees. */
export interface Entry {
  /** The port of the listener. */
  readonly port: number;
  /** Whether the proxy terminates TLS, so that there is a server name. */
  readonly isTls: boolean;
  /** Whether callers show a certificate. */
  readonly hasCertificate: boolean;
  /** Whether the certificate names an identity; undefined where that is not known. @default - it is not known of any */
  readonly hasIdentity?: (name: StringMatcher) => boolean | undefined;
  /** Which tokens are valid. Undefined if no filter verifies them. */
  readonly validToken?: Formula;
}

const JWT = 'envoy.filters.http.jwt_authn';

/** Which requests a rule names. */
export function policyFormula({ permissions, principals }: RbacPolicy, entry: Entry): Formula {
  return {
    all: [
      { any: permissions.map(permission => permissionFormula(permission, entry)) },
      { any: principals.map(principal => principalFormula(principal, entry)) },
    ],
  };
}

function permissionFormula(permission: Permission, entry: Entry): Formula {
  const { any, andRules, orRules, notRule, header, urlPath, uriTemplate, destinationPort, metadata, requestedServerName } = permission;
  if (any) return ALWAYS;
  if (andRules) return { all: andRules.rules.map(rule => permissionFormula(rule, entry)) };
  if (orRules) return { any: orRules.rules.map(rule => permissionFormula(rule, entry)) };
  if (notRule) return { not: permissionFormula(notRule, entry) };
  if (header) return { all: headerConditions(header) };
  if (urlPath) return textFormula('path', urlPath.path);
  if (uriTemplate) return templateFormula(uriTemplate.typedConfig.pathTemplate);
  if (destinationPort !== undefined) return entry.port === destinationPort ? ALWAYS : NEVER;
  if (metadata) return metadataFormula(metadata, entry);
  if (requestedServerName && !entry.isTls) return stringSetOf(requestedServerName)?.has('') === true ? ALWAYS : NEVER;
  return unreadFormula(JSON.stringify(permission));
}

function principalFormula(principal: Principal, entry: Entry): Formula {
  const { any, andIds, orIds, notId, authenticated, header, metadata } = principal;
  if (any) return ALWAYS;
  if (andIds) return { all: andIds.ids.map(id => principalFormula(id, entry)) };
  if (orIds) return { any: orIds.ids.map(id => principalFormula(id, entry)) };
  if (notId) return { not: principalFormula(notId, entry) };
  if (header) return { all: headerConditions(header) };
  if (metadata) return metadataFormula(metadata, entry);
  // Without a certificate, the caller has no identity.
  if (authenticated && !entry.hasCertificate) return NEVER;
  const is = authenticated?.principalName && entry.hasIdentity?.(authenticated.principalName);
  if (is !== undefined) return is ? ALWAYS : NEVER;
  return unreadFormula(JSON.stringify(principal));
}

function textFormula(field: Condition['field'], matcher: StringMatcher): Formula {
  const test = stringSetOf(matcher);
  return test ? { field, test, holds: true } : unreadFormula(JSON.stringify(matcher));
}

const SEGMENT = '[a-zA-Z0-9._~%!$&\'()+,;:@=-]';

/** A path that matches a template; Envoy compares the query as well, which is not understood. */
function templateFormula(template: string): Formula {
  const parts = template.split('/').map(part => (
    part === '*' ? `${SEGMENT}+` : part === '**' ? `(?:${SEGMENT}|/)*` : re2Quote(part)));
  const test = regexSet(parts.join('/'));
  const unread = unreadFormula(`the query of ${template}`);
  return test ? { all: [{ field: 'path', test, holds: true }, unread] } : unread;
}

/** A claim of a valid token. What other filters write is not known. */
function metadataFormula({ filter, path, value }: MetadataMatcher, { validToken }: Entry): Formula {
  if (filter !== JWT) return unreadFormula(`what ${filter} writes`);
  if (validToken === undefined) return NEVER;
  return { all: [validToken, claimFormula(path.slice(1).map(({ key }) => key), value)] };
}

function claimFormula(names: readonly string[], value: ValueMatcher): Formula {
  const { stringMatch, listMatch, orMatch } = value;
  if (stringMatch) return textFormula(claimField(names), stringMatch);
  if (orMatch) return { any: orMatch.valueMatchers.map(each => claimFormula(names, each)) };
  // A string is one value of a list that has a single value.
  return listMatch ? claimFormula(names, listMatch.oneOf) : unreadFormula(JSON.stringify(value));
}

/** An audience, which Envoy compares without its scheme and a slash at its end. */
export function audienceFormula(audience: string): Formula {
  const bare = audience.replace(/^https?:\/\//, '').replace(/\/$/, '');
  return { field: claimField(['aud']), test: regexSet(`(?:https?://)?${re2Quote(bare)}/?`)!, holds: true };
}
