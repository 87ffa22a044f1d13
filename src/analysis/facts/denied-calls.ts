import type { Identity } from './excluded-callers';
import { domainIn, globOf, matchesPattern } from './excluded-callers';
import type { AttributeTerm } from './rule-alternatives';
import { alternativesOf } from './rule-alternatives';
import type { AuthorizationPolicy } from '../../envoy/access/authorization-policies';
import type { HTTPMatchRequest } from '../../manifest/istio-specs.generated';

/** What is known of calls. */
export interface KnownCalls {
  /** The identities that the callers may have; undefined stands for a caller without one. */
  readonly identities: readonly (Identity | undefined)[];
  /** The ports of the pods that may be called; undefined if they are not known. */
  readonly ports?: readonly number[];
  /** The condition that all requests meet; undefined if any request may be sent, or if it changes on its way. */
  readonly request?: Pick<HTTPMatchRequest, 'uri' | 'method'>;
  /** The trust domain of the mesh, and its aliases; undefined if they are not known. */
  readonly trustDomains?: readonly string[];
}

/** Whether a DENY policy certainly denies each of some calls. */
export function deniesAll(policy: AuthorizationPolicy, calls: KnownCalls): boolean {
  return (policy.spec?.rules ?? []).some(rule => (
    alternativesOf(rule, policy)?.some(alternative => alternative.every(term => isAlwaysMet(term, calls)))));
}

function isAlwaysMet(term: AttributeTerm, calls: KnownCalls): boolean {
  const { values, notValues } = term;
  return (values.length === 0 || isAlwaysOneOf(term, calls)) && (notValues.length === 0 || isNeverOneOf(term, calls));
}

function isAlwaysOneOf({ key, values }: AttributeTerm, { identities, ports, request, trustDomains = [] }: KnownCalls): boolean {
  const all = (isOne: (identity: Identity) => boolean) => identities.every(identity => identity && isOne(identity));
  switch (key) {
    case 'namespaces': case 'source.namespace':
      return all(({ namespace }) => values.some(value => globOf(value).test(namespace)));
    case 'serviceAccounts': case 'source.serviceAccount':
      return all(({ namespace, serviceAccount }) => serviceAccount !== undefined && values.includes(`${namespace}/${serviceAccount}`));
    case 'principals': case 'source.principal':
      return all(identity => values.some(value => domainsOf(value, trustDomains).some(domain => matches(value, domain, identity))));
    case 'trustDomains': case 'source.trustDomain': return all(() => values.includes('*'));
    case 'ports': case 'destination.port': return ports?.every(port => values.includes(String(port))) ?? false;
    case 'methods': return values.includes('*') || (request?.method?.exact !== undefined && values.includes(request.method.exact));
    case 'paths': return values.some(value => value === '*' || takesAll(value, request?.uri));
    case 'hosts': return values.includes('*');
    default: return false;
  }
}

/** A caller without an identity is none of those that a policy names. */
function isNeverOneOf({ key, notValues }: AttributeTerm, { identities, ports, request, trustDomains }: KnownCalls): boolean {
  const none = (isOther: (identity: Identity) => boolean) => identities.every(identity => identity === undefined || isOther(identity));
  switch (key) {
    case 'namespaces': case 'source.namespace':
      return none(({ namespace }) => !notValues.some(value => globOf(value).test(namespace)));
    case 'serviceAccounts': case 'source.serviceAccount':
      return none(({ namespace, serviceAccount }) => serviceAccount !== undefined && !notValues.includes(`${namespace}/${serviceAccount}`));
    case 'principals': case 'source.principal':
      return none(identity => !notValues.some(value => (
        [domainIn(value), ...trustDomains ?? []].some(domain => matches(value, domain, identity)))));
    case 'trustDomains': case 'source.trustDomain': return none(() => false);
    case 'ports': case 'destination.port': return ports?.every(port => !notValues.includes(String(port))) ?? false;
    case 'methods': return request?.method?.exact !== undefined && !notValues.includes(request.method.exact) && !notValues.includes('*');
    case 'paths': return notValues.every(value => takesNone(value, request?.uri));
    default: return false;
  }
}

/** The trust domains of the mesh for which a principal is known to stand. istiod replaces that of a whole principal by all of them. */
function domainsOf(principal: string, trustDomains: readonly string[]): readonly string[] {
  const [domain, ...rest] = principal.split('/');
  if (principal.startsWith('*')) return [''];
  const isWhole = rest.length === 4;
  return isWhole && (domain === 'cluster.local' || trustDomains.includes(domain)) ? [domain] : trustDomains.slice(0, 1);
}

/** Whether a principal takes an identity of a trust domain. An account that is not known may be any. */
function matches(principal: string, domain: string, { namespace, serviceAccount }: Identity): boolean {
  if (principal === '*') return true;
  return serviceAccount === undefined ? principal.includes('*') && matchesPattern(principal, `${domain}/ns/${namespace}/sa/`)
    : matchesPattern(principal, `${domain}/ns/${namespace}/sa/${serviceAccount}`);
}

/** Whether a pattern of paths takes all paths of a condition. */
function takesAll(pattern: string, uri: HTTPMatchRequest['uri']): boolean {
  if (uri === undefined || isSpecial(pattern) || isNormalized(uri)) return false;
  if (uri.exact !== undefined) return matchesPattern(pattern, uri.exact);
  return uri.prefix !== undefined && !pattern.startsWith('*') && pattern.endsWith('*') && uri.prefix.startsWith(pattern.slice(0, -1));
}

function takesNone(pattern: string, uri: HTTPMatchRequest['uri']): boolean {
  if (uri === undefined || isSpecial(pattern) || isNormalized(uri)) return false;
  if (uri.exact !== undefined) return !matchesPattern(pattern, uri.exact);
  if (uri.prefix === undefined || pattern.startsWith('*')) return false;
  const start = pattern.replace(/\*$/, '');
  return !start.startsWith(uri.prefix) && !(pattern.endsWith('*') && uri.prefix.startsWith(start));
}

/** Whether a pattern is a template, or one whose star is a literal. */
function isSpecial(pattern: string): boolean {
  return pattern.includes('{') || pattern.slice(1, -1).includes('*');
}

/** Whether a condition has a part that policies do not compare: the query, or what a sidecar may decode. */
function isNormalized({ exact = '', prefix = '' }: NonNullable<HTTPMatchRequest['uri']>): boolean {
  return /[?#%\\]|\/\/|\/\./.test(exact + prefix);
}
