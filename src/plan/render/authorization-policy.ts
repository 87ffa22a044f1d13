import type {
  AuthorizationPolicySpec, AuthorizationPolicySpecRules, AuthorizationPolicySpecRulesFromSource, AuthorizationPolicySpecRulesToOperation,
} from '../../../imports/security.istio.io';
import type { AccessRule, WorkloadFacts } from '../model/access';
import { podPort } from '../model/access';

/** The AuthorizationPolicy of rules with one action, without its selector. */
export function authorizationPolicy(rules: readonly AccessRule[], facts?: WorkloadFacts): AuthorizationPolicySpec {
  const { action = 'ALLOW', provider } = rules[0] ?? {};
  const texts = new Set(rules.map(rule => JSON.stringify(ruleOf(rule, facts))));
  return {
    action: action as AuthorizationPolicySpec['action'],
    ...(provider !== undefined && { provider: { name: provider } }),
    rules: [...texts].sort().map(text => JSON.parse(text) as AuthorizationPolicySpecRules),
  };
}

function list(values: readonly string[] | undefined): string[] | undefined {
  return values && values.length > 0 ? [...new Set(values)].sort() : undefined;
}

function isStated(fields: object): boolean {
  return Object.values(fields).some(value => value !== undefined);
}

function ruleOf(rule: AccessRule, facts: WorkloadFacts | undefined): AuthorizationPolicySpecRules {
  const operation = operationOf(rule, facts);
  const when = rule.when.map(({ key, values, isNegated }) => ({ key, [isNegated ? 'notValues' : 'values']: [...values] }));
  return {
    from: sourcesOf(rule),
    to: isStated(operation) ? [{ operation }] : undefined,
    when: when.length > 0 ? when.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : undefined,
  };
}

/** Callers by service account and by namespace are two sources. All other conditions apply to both. */
function sourcesOf({ terms, except }: AccessRule): AuthorizationPolicySpecRules['from'] {
  const common: AuthorizationPolicySpecRulesFromSource = {
    ipBlocks: list(terms.ipBlocks),
    remoteIpBlocks: list(terms.remoteIpBlocks),
    requestPrincipals: list(terms.requestPrincipals),
    notPrincipals: list(except.callers?.principals),
    notNamespaces: list(except.callers?.namespaces),
    notIpBlocks: list(except.ipBlocks),
    notRemoteIpBlocks: list(except.remoteIpBlocks),
    notRequestPrincipals: list(except.requestPrincipals),
  };
  const { callers } = terms;
  if (callers === undefined) return isStated(common) ? [{ source: common }] : undefined;
  const [principals, namespaces] = [list(callers.principals), list(callers.namespaces)];
  return [
    ...(principals ? [{ source: { principals, ...common } }] : []),
    ...(namespaces ? [{ source: { namespaces, ...common } }] : []),
  ];
}

function operationOf({ terms, except, ports, containerPorts }: AccessRule, facts?: WorkloadFacts): AuthorizationPolicySpecRulesToOperation {
  const numbers = containerPorts ?? (facts && ports?.map(port => podPort(facts, port)));
  return {
    hosts: list(terms.hosts),
    methods: list(terms.methods),
    paths: list(terms.paths),
    ports: list(numbers?.map(String)),
    notHosts: list(except.hosts),
    notMethods: list(except.methods),
    notPaths: list(except.paths),
  };
}

/** A rule in words. */
export function ruleInWords({ from, to, when = [] }: AuthorizationPolicySpecRules): string {
  const callers = from?.map(({ source }) => source!)
    .flatMap(({ principals = [], namespaces = [] }) => [...principals, ...namespaces.map(n => `namespace ${n}`)]) ?? [];
  const { methods, paths, hosts, ports } = to?.[0].operation ?? {};
  const what = [methods?.join('|'), hosts?.join('|'), paths?.join('|'), ports && `port ${ports.join('|')} of the pods`];
  const others = [...othersInWords(from?.[0].source ?? {}), ...othersInWords(to?.[0].operation ?? {}),
    ...when.map(({ key, values, notValues }) => (values ? `${key} ${values.join('|')}` : `${key} not ${notValues!.join('|')}`))];
  return `${callers.join(', ') || 'anyone'}: ${what.filter(part => part !== undefined).join(' ') || 'everything'}`
    + (others.length > 0 ? `, if ${others.join(' and ')}` : '');
}

const SHOWN: readonly string[] = ['principals', 'namespaces', 'methods', 'paths', 'hosts', 'ports'];

function othersInWords(fields: object): string[] {
  return Object.entries(fields as { readonly [field: string]: readonly string[] })
    .filter(([field, values]) => !SHOWN.includes(field) && values !== undefined)
    .map(([field, values]) => `${field} ${values.join('|')}`);
}
