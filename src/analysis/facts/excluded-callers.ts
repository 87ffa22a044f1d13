import type { Workload } from './workloads';
import type { AuthorizationPolicy } from '../../envoy/access/authorization-policies';
import type { Source } from '../../manifest/istio-specs.generated';
import { serviceAccountOf } from '../../manifest/pod-template';

/** A caller by its mutual TLS identity. */
export interface Identity {
  readonly namespace: string;
  /** Undefined if it is not known. */
  readonly serviceAccount?: string;
}

/** The identity of a workload's pods. */
export function identityOf({ namespace, spec }: Workload): Identity {
  return { namespace, serviceAccount: serviceAccountOf(spec) };
}

/**
 * Whether no rule of a policy can match a caller, whatever it requests. Only principals, namespaces and service accounts count, so that
 * other conditions may match. Where the trust domains of the mesh are unknown, they are those that the policy names.
 */
export function excludes(
  { metadata: { namespace = '' }, spec }: AuthorizationPolicy,
  caller: Identity,
  trustDomains?: readonly string[],
): boolean {
  return (spec?.rules ?? []).every(({ from = [] }) => from.length > 0
    && from.every(({ source }) => source !== undefined && isOtherSource(source, caller, namespace, trustDomains)));
}

/** The conditions that a caller without an identity never meets. */
const OF_IDENTITY: readonly string[] = ['source.principal', 'source.namespace', 'source.serviceAccount', 'source.trustDomain'];

/** Whether no rule of a policy can match a caller without an identity, whatever it requests. */
export function requiresIdentity({ spec }: AuthorizationPolicy): boolean {
  return (spec?.rules ?? []).every(({ from = [], when = [] }) => (
    when.some(({ key = '', values = [] }) => OF_IDENTITY.includes(key) && values.length > 0)
    || (from.length > 0 && from.every(({ source: { principals, namespaces, serviceAccounts, trustDomains } = {} }) => (
      [principals, namespaces, serviceAccounts, trustDomains].some(values => values !== undefined && values.length > 0))))));
}

function isOtherSource(
  { principals = [], namespaces = [], serviceAccounts = [] }: Source, caller: Identity, home: string, trustDomains?: readonly string[],
): boolean {
  const none = (values: readonly string[], matches: (value: string) => boolean) => values.length > 0 && !values.some(matches);
  if (none(namespaces, value => globOf(value).test(caller.namespace))) return true;
  if (caller.serviceAccount === undefined) return false;
  return none(principals, value => (trustDomains ?? [domainIn(value)])
    .some(domain => matchesPattern(value, `${domain}/ns/${caller.namespace}/sa/${caller.serviceAccount}`)))
    || none(
      serviceAccounts,
      value => (value.includes('/') ? value : `${home}/${value}`) === `${caller.namespace}/${caller.serviceAccount}`,
    );
}

/** The trust domain that a principal names, without a star. */
export function domainIn(principal: string): string {
  return principal.split('/')[0].replaceAll('*', '');
}

/** Istio's patterns: a star at the start or at the end, or alone. */
export function matchesPattern(pattern: string, value: string): boolean {
  if (pattern.startsWith('*')) return value.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : value === pattern;
}

export function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`);
}
