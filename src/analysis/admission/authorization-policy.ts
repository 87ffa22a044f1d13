import { checkTargets } from './policy-target';
import type { Objection, Verdict } from './verdict';
import type { AuthorizationPolicySpec, AuthorizationRule, Operation, Source } from '../../manifest/istio-specs.generated';
import {
  ipBlockProblem, pathTemplateProblem, portTextProblem, serviceAccountsProblem, trustDomainProblem, whenProblem,
} from '../../traffic/access-attributes';

const SOURCES = ['principals', 'notPrincipals', 'requestPrincipals', 'notRequestPrincipals', 'namespaces', 'notNamespaces', 'ipBlocks',
  'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks', 'serviceAccounts', 'notServiceAccounts', 'trustDomains',
  'notTrustDomains'] as const;
const OPERATIONS = ['hosts', 'notHosts', 'methods', 'notMethods', 'paths', 'notPaths', 'ports', 'notPorts'] as const;
/** The fields of a source that only an HTTP request has, and those that an external authorizer is asked about all the same. */
const HTTP_SOURCES: readonly string[] = ['requestPrincipals', 'notRequestPrincipals', 'trustDomains', 'notTrustDomains'];
const CUSTOM_SOURCES: readonly string[] = ['ipBlocks', 'notIpBlocks', 'remoteIpBlocks', 'notRemoteIpBlocks'];
const OF_ACCOUNT = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'] as const;
const CUSTOM_CONDITIONS = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

const EMPTY: Objection = ['is empty', 'write the value, or remove it'];

/** What is wrong with the values of a field of a source or an operation, beyond empty ones. */
const VALUES: { readonly [field: string]: ((value: string) => Objection) | undefined } = {
  ipBlocks: ipBlockProblem,
  notIpBlocks: ipBlockProblem,
  remoteIpBlocks: ipBlockProblem,
  notRemoteIpBlocks: ipBlockProblem,
  trustDomains: trustDomainProblem,
  notTrustDomains: trustDomainProblem,
  ports: portTextProblem,
  notPorts: portTextProblem,
  paths: pathTemplateProblem,
  notPaths: pathTemplateProblem,
};

function checkValues(verdict: Verdict, field: string, values: readonly string[] = [], path: string): void {
  values.forEach((value, i) => verdict.error(`${path}.${field}[${i}]`, value === '' ? EMPTY : VALUES[field]?.(value)));
}

function checkSource(verdict: Verdict, source: Source, path: string, isCustom: boolean): void {
  const has = (field: keyof Source) => (source[field] ?? []).length > 0;
  if (!SOURCES.some(has)) verdict.error(path, ['is empty', `set one of ${SOURCES.join(', ')}`]);
  const accounts = (['serviceAccounts', 'notServiceAccounts'] as const).filter(has);
  if (accounts.length > 0 && OF_ACCOUNT.some(has)) {
    verdict.error(path, [`has ${accounts[0]} beside ${OF_ACCOUNT.filter(has).join(' and ')}`, 'keep one of them']);
  }
  for (const field of SOURCES) {
    checkValues(verdict, field, source[field], path);
    if (isCustom && has(field) && !CUSTOM_SOURCES.includes(field)) {
      verdict.error(`${path}.${field}`, ['is not supported with the action CUSTOM',
        `remove it; CUSTOM takes ${CUSTOM_SOURCES.join(', ')}`]);
    }
  }
  for (const field of accounts) verdict.error(`${path}.${field}`, serviceAccountsProblem(source[field]!));
}

function checkOperation(verdict: Verdict, operation: Operation, path: string): void {
  if (!OPERATIONS.some(field => (operation[field] ?? []).length > 0)) {
    verdict.error(path, ['is empty', `set one of ${OPERATIONS.join(', ')}`]);
  }
  for (const field of OPERATIONS) checkValues(verdict, field, operation[field], path);
}

function checkConditions(verdict: Verdict, { when = [] }: AuthorizationRule, path: string, isCustom: boolean): void {
  when.forEach(({ key = '', values = [], notValues = [] }, i) => {
    const at = `${path}.when[${i}]`;
    if (key === '') {
      verdict.error(`${at}.key`, ['is empty', 'name the attribute, such as request.headers[x-user]']);
    } else if (values.length === 0 && notValues.length === 0) {
      verdict.error(at, [`has no values for '${key}'`, 'set values or notValues']);
    } else {
      if (values.length > 0) verdict.error(`${at}.values`, whenProblem(key, values));
      if (notValues.length > 0) verdict.error(`${at}.notValues`, whenProblem(key, notValues));
    }
    if (isCustom && (CUSTOM_CONDITIONS.includes(key) || key.startsWith('request.auth.'))) {
      verdict.error(`${at}.key`, [`is '${key}', which is not supported with the action CUSTOM`, 'remove the condition']);
    }
  });
}

/** Whether a DENY rule has no condition that a plain TCP connection can fail, so that it takes every one. */
function takesAllTcp({ from = [], to = [] }: AuthorizationRule): boolean {
  const sources = from.flatMap(({ source }) => source ?? []);
  const operations = to.flatMap(({ operation }) => operation ?? []);
  const states = (fields: readonly string[], stated: object) => (
    Object.entries(stated).some(([field, values]) => fields.includes(field) && (values as readonly string[]).length > 0)
  );
  const ofTcp = SOURCES.filter(field => !HTTP_SOURCES.includes(field));
  const tcpFrom = sources.some(source => states(ofTcp, source));
  const tcpTo = operations.some(operation => states(['ports', 'notPorts'], operation));
  return (sources.length > 0 && operations.length === 0 && !tcpFrom) || (operations.length > 0 && !tcpTo);
}

function checkRule(verdict: Verdict, rule: AuthorizationRule, path: string, action: string): void {
  const isCustom = action === 'CUSTOM';
  rule.from?.forEach(({ source }, i) => {
    if (source === undefined) verdict.error(`${path}.from[${i}]`, ['has no source', 'set it']);
    else checkSource(verdict, source, `${path}.from[${i}].source`, isCustom);
  });
  rule.to?.forEach(({ operation }, i) => {
    if (operation === undefined) verdict.error(`${path}.to[${i}]`, ['has no operation', 'set it']);
    else checkOperation(verdict, operation, `${path}.to[${i}].operation`);
  });
  checkConditions(verdict, rule, path, isCustom);
  if (action === 'DENY' && takesAllTcp(rule)) {
    verdict.warn(path, ['denies every connection to TCP ports, as it has only conditions on HTTP requests',
      'set the ports that it is for']);
  }
}

/** Checks an AuthorizationPolicy. */
export function checkAuthorizationPolicy(verdict: Verdict, spec: AuthorizationPolicySpec): void {
  const { action = 'ALLOW', rules = [], provider } = spec;
  checkTargets(verdict, spec);
  if (action === 'CUSTOM' && rules.length > 0 && (provider?.name ?? '') === '') {
    verdict.error('spec.provider', ['has no name', 'set the name that MeshConfig gives the external authorizer']);
  }
  if ((action === 'CUSTOM' || action === 'DENY') && rules.length === 0) {
    verdict.error('spec', [`has the action ${action} without rules, so it applies to no request`,
      'add rules; the rule {} is for every request']);
  }
  if (provider !== undefined && action !== 'CUSTOM') {
    verdict.error('spec.provider', [`is set with the action ${action}`, 'remove it, or set the action CUSTOM']);
  }
  rules.forEach((rule, i) => checkRule(verdict, rule, `spec.rules[${i}]`, action));
}
