import type { Construct } from 'constructs';
import { AccessAction } from './access-action';
import type { AccessExceptions, AccessStatementProps } from './access-statement';
import type { Caller } from './caller';
import type { AccessRule, AccessTerms } from '../plan/model/access';
import {
  accessHosts, accessHostsProblem, accessPath, accessPathsProblem, ipBlocksProblem, methodsProblem, pathTemplatesProblem,
  requestPrincipalsProblem,
} from '../traffic/access-operation';
import { portProblem } from '../traffic/number';
import type { Problem } from '../traffic/problem';
import { fail, refuse } from '../traffic/problem';

/** Fields that only requests have, which Istio omits on ports without requests. */
const OF_REQUESTS = ['requestPrincipals', 'methods', 'paths', 'pathTemplates', 'hosts'] as const;
const STATED = ['methods', 'paths', 'ipBlocks', 'remoteIpBlocks', 'requestPrincipals', 'pathTemplates', 'hosts', 'containerPorts', 'when', 'except'] as const;

/** Whether props contain an access statement, besides other settings of the construct. */
export function isStated(props: AccessStatementProps): boolean {
  return props.action !== undefined || props.callers !== undefined || STATED.some(field => props[field] !== undefined);
}

/** The fields of a statement that only requests have, for messages. */
export function requestFields({ when = [], except = {}, ...props }: AccessStatementProps): string[] {
  return [
    ...OF_REQUESTS.filter(field => props[field] !== undefined),
    ...OF_REQUESTS.filter(field => except[field] !== undefined).map(field => `except.${field}`),
    ...when.some(condition => condition._readsRequest) ? ['when'] : [],
  ];
}

/** Where a statement applies. */
export interface RulePlace {
  /** The namespace of callers without one. */
  readonly namespace: string;
  /** Whether the pods are those of a gateway alone, which tells the address of clients itself. */
  readonly isGateway?: boolean;
}

/** The rule of a statement. Throws if istiod, its admission or Envoy would reject a value, or read it differently. */
export function ruleOf(at: Construct, props: AccessStatementProps, { namespace, isGateway = false }: RulePlace): AccessRule {
  const { action = AccessAction.allow(), callers, when = [], except = {} } = props;
  refuse(at, action._problem());
  refuseMissingCallers(at, props, action);
  if (props.dryRun === true && (action._name === 'CUSTOM' || action._name === 'AUDIT')) {
    fail(at, `dryRun is set for AccessAction.${action._name.toLowerCase()}(), and Istio tries only what allows or denies; omit it`);
  }
  refuse(at, callers?.length === 0 ? 'callers is an empty list, which allows no caller; '
    + 'add a caller, or set denyByDefault in an AccessPolicy' : undefined,
  ...(callers ?? []).map(caller => caller._problem()), ...fieldProblems(props));
  refuse(at, containerPortsProblem(props.containerPorts));
  refuse(at, exceptProblem(props.except, namespace),
    ...(except.callers ?? []).map(caller => caller._problem()), ...fieldProblems(except).map(problem => problem && `except: ${problem}`));
  refuse(at, when.length === 0 && props.when ? 'when is an empty list; add a condition, or omit it' : undefined,
    ...when.map(condition => condition._problem()));
  if (action._name === 'CUSTOM') refuseForAuthorizers(at, props);
  refuseHostsWithPorts(at, action, props.hosts, except.hosts);
  const sources = callers?.map(caller => caller._source(namespace)) ?? [];
  if (sources.length > 1 && sources.includes(undefined)) {
    fail(at, 'callers contains Caller.anyone(), which includes all others; remove the others');
  }
  if (action._name === 'ALLOW' && except.callers && sources.includes(undefined)) {
    fail(at, 'Caller.anyone() includes callers without mutual TLS, which have no identity, so except.callers may call in plaintext; '
      + 'use Caller.anyWorkload()');
  }
  if (action._name === 'ALLOW' && !isGateway && props.remoteIpBlocks && sources.includes(undefined) && !limitsCallers(props)) {
    fail(at, 'remoteIpBlocks are read from X-Forwarded-For, which Caller.anyone() can write; use Caller.gateway() as caller');
  }
  return {
    path: at.node.path,
    action: action._name,
    isDryRun: props.dryRun,
    provider: action._provider,
    terms: termsOf(props, namesOf(callers, namespace)),
    except: termsOf(except, namesOf(except.callers, namespace)),
    when: when.map(condition => condition._condition),
    containerPorts: props.containerPorts,
    admitsGateways: callers?.some(caller => caller._isGateway) ?? false,
    exceptsGateways: except.callers?.some(caller => caller._isGateway) ?? false,
  };
}

/** An exception that excepts nothing would silently turn the statement into another one. */
function exceptProblem(except: AccessExceptions | undefined, namespace: string): Problem {
  if (except === undefined) return undefined;
  if (Object.keys(except).length === 0) return 'except is an empty object; add what is excepted, or omit it';
  if (except.callers?.length === 0) return 'except.callers is an empty list; add a caller, or omit it';
  if (except.callers?.every(caller => caller._source(namespace) !== undefined) ?? true) return undefined;
  return 'except.callers contains Caller.anyone(), and callers without mutual TLS are never excepted; name the callers, or use Caller.anyWorkload()';
}

function containerPortsProblem(ports: readonly number[] | undefined): Problem {
  if (ports?.length === 0) return 'containerPorts is an empty list, which matches nothing; add a port, or omit it to apply to all';
  return ports?.map(port => portProblem('containerPorts', port)).find(problem => problem !== undefined);
}

/**
 * Refuses a statement that denies by fields of requests on unknown ports, where Istio denies each connection without HTTP. `owner` has the
 * ports.
 */
export function refuseUnknownPorts(at: Construct, props: AccessStatementProps, owner = 'the pods'): void {
  const fields = requestFields(props);
  if (props.action?._name !== 'DENY' || props.containerPorts !== undefined || fields.length === 0) return;
  fail(at, `${fields.join(' and ')} ${fields.length === 1 ? 'is' : 'are'} about requests, and Istio would deny each connection without HTTP; `
    + `set containerPorts to the HTTP ports of ${owner}`);
}

/** Refuses callers whose namespace is unknown. `what` names the pods. */
export function refuseLocalCallers(at: Construct, { callers = [], except = {} }: AccessStatementProps, what: string, own?: string): void {
  const isLocal = (caller: Caller) => JSON.stringify(caller._source('a')) !== JSON.stringify(caller._source('b'));
  if (![...callers, ...except.callers ?? []].some(isLocal)) return;
  fail(at, `a Caller.serviceAccount() has no namespace, and ${own === undefined ? `${what} has no namespace to complete it`
    : `${what} would complete it with its own, '${own}'`}; set the namespace of the caller`);
}

function termsOf({ ipBlocks, remoteIpBlocks, requestPrincipals, methods, paths, pathTemplates, hosts }: AccessExceptions,
  callers: AccessTerms['callers']): AccessTerms {
  return {
    callers,
    ipBlocks,
    remoteIpBlocks,
    requestPrincipals,
    methods,
    paths: paths || pathTemplates ? [...(paths ?? []).map(accessPath), ...pathTemplates ?? []] : undefined,
    hosts: hosts && accessHosts(hosts),
  };
}

function namesOf(callers: readonly Caller[] | undefined, namespace: string): AccessTerms['callers'] {
  const known = callers?.map(caller => caller._source(namespace)).filter(source => source !== undefined) ?? [];
  return known.length === 0 ? undefined : {
    principals: known.flatMap(source => source.principals ?? []),
    namespaces: known.flatMap(source => source.namespaces ?? []),
  };
}

function fieldProblems({ ipBlocks, remoteIpBlocks, requestPrincipals, methods, paths, pathTemplates, hosts }: AccessExceptions): Problem[] {
  return [
    methods && methodsProblem(methods),
    paths && accessPathsProblem(paths),
    pathTemplates && pathTemplatesProblem(pathTemplates),
    hosts && accessHostsProblem(hosts),
    ipBlocks && ipBlocksProblem('ipBlocks', ipBlocks),
    remoteIpBlocks && ipBlocksProblem('remoteIpBlocks', remoteIpBlocks),
    requestPrincipals && requestPrincipalsProblem(requestPrincipals),
  ];
}

function refuseMissingCallers(at: Construct, props: AccessStatementProps, action: AccessAction): void {
  if (props.callers !== undefined || action._name !== 'ALLOW') return;
  const field = STATED.find(each => props[each] !== undefined) ?? 'action';
  fail(at, `${field} is set without callers; set the callers that may use them`);
}

/** Istio asks external authorizers before it verifies tokens, and without the identity of the caller. */
function refuseForAuthorizers(at: Construct, { callers = [], requestPrincipals, when = [], except = {} }: AccessStatementProps): void {
  const field = callers.some(caller => caller._source('') !== undefined) ? 'callers'
    : except.callers ? 'except.callers'
      : requestPrincipals ? 'requestPrincipals'
        : except.requestPrincipals ? 'except.requestPrincipals'
          : when.some(condition => condition._readsToken) ? 'when' : undefined;
  if (field === undefined) return;
  fail(at, `${field} reads the identity or the token of the caller, which Istio does not know when it asks an external authorizer; `
    + 'remove it, or let the authorizer decide');
}

/** Envoy compares a host with its port, so any port gets past a wildcard. */
function refuseHostsWithPorts(at: Construct, { _name: action }: AccessAction, hosts: string[] = [], excepted: string[] = []): void {
  const [field, wild] = action === 'ALLOW' ? ['except.hosts', excepted.find(host => host.startsWith('*'))] as const
    : ['hosts', hosts.find(host => host.startsWith('*'))] as const;
  if (wild === undefined || action === 'AUDIT') return;
  fail(at, `${field} contains '${wild}', which a request with a port in its host does not match, so it is not denied; `
    + 'list the hosts in full');
}

/** Callers that other fields limit to known ones. */
function limitsCallers({ ipBlocks, requestPrincipals }: AccessStatementProps): boolean {
  return ipBlocks !== undefined || requestPrincipals !== undefined;
}
