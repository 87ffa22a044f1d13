import { DESTINATION_IP, DESTINATION_PORT, FILTER_METADATA, HOST, METHOD, PATH, SERVER_NAME } from './permission-fields';
import {
  AUDIENCE, CLAIM, NAMESPACE, PRESENTER, PRINCIPAL, REMOTE_IP, REQUEST_HEADER, REQUEST_PRINCIPAL, SERVICE_ACCOUNT, SOURCE_IP, TRUST_DOMAIN,
} from './principal-fields';
import type { PermissionField, PrincipalField, RuleContext, RuleField, RuleTerm } from './rule-field';
import { withAliases, withAllOfMesh } from './trust-domains';
import type { AuthorizationRule, Condition, Operation, Source } from '../../manifest/istio-specs.generated';
import type { Permission, Principal, RbacPolicy } from '../xds/rbac';

/** What a rule is translated for. */
export interface RuleTarget extends RuleContext {
  /** Whether a value that cannot be a condition makes the rule void; else the value is left out, so that the rule matches more. */
  readonly isStrict: boolean;
  /** The trust domain of the mesh, and its aliases. */
  readonly trustDomains: readonly string[];
}

/** Terms of which all must match. */
type Terms<C> = readonly RuleTerm<C>[];

const OF_PERMISSION: { readonly [key: string]: PermissionField } = {
  'destination.ip': DESTINATION_IP, 'destination.port': DESTINATION_PORT, 'connection.sni': SERVER_NAME,
};

const OF_PRINCIPAL: { readonly [key: string]: PrincipalField } = {
  'source.ip': SOURCE_IP,
  'remote.ip': REMOTE_IP,
  'source.namespace': NAMESPACE,
  'source.trustDomain': TRUST_DOMAIN,
  'source.serviceAccount': SERVICE_ACCOUNT,
  'source.principal': PRINCIPAL,
  'request.auth.principal': REQUEST_PRINCIPAL,
  'request.auth.audiences': AUDIENCE,
  'request.auth.presenter': PRESENTER,
};

/** A rule as a policy of Envoy; undefined for a rule that istiod leaves out. */
export function rulePolicy({ from = [], to = [], when = [] }: AuthorizationRule, target: RuleTarget): RbacPolicy | undefined {
  const conditions = when.map(condition => termOf(condition));
  if (conditions.includes(undefined)) return undefined;
  const known = conditions.flatMap(found => found ?? []);
  const asked = known.flatMap(({ permission }) => permission ?? []).filter(isStated);
  const asking = known.flatMap(({ principal }) => principal ?? []).filter(isStated);
  const permissions = (to.length === 0 ? [undefined] : to)
    .map(each => conjunction([...operationTerms(each?.operation), ...asked], target, PERMISSIONS));
  const sources = from.length === 0 ? [undefined] : from;
  const { trustDomains } = target;
  // istiod shares the conditions between the sources, and adds the aliases to them once per source.
  const shared = asking.map(stated => sources.reduce<RuleTerm<Principal>>(each => migrated(each, trustDomains), stated));
  const principals = sources
    .map(each => [...sourceTerms(each?.source).map(stated => migrated(stated, trustDomains)), ...shared])
    .map(terms => conjunction(terms, target, PRINCIPALS));
  if (permissions.includes(undefined) || principals.includes(undefined)) return undefined;
  return { permissions: permissions as Permission[], principals: principals as Principal[] };
}

/** The term of a condition: on what is asked for, or on who asks. */
interface KeyedTerm {
  readonly permission?: RuleTerm<Permission>;
  readonly principal?: RuleTerm<Principal>;
}

/** The term of a condition; undefined for a key that istiod does not know. */
export function termOf({ key = '', values = [], notValues = [] }: Condition): KeyedTerm | undefined {
  const permission = Object.hasOwn(OF_PERMISSION, key) ? OF_PERMISSION[key]
    : key.startsWith('experimental.envoy.filters.') ? FILTER_METADATA : undefined;
  if (permission) return { permission: { field: permission, key, values, notValues } };
  const principal = Object.hasOwn(OF_PRINCIPAL, key) ? OF_PRINCIPAL[key]
    : key.startsWith('request.headers') ? REQUEST_HEADER : key.startsWith('request.auth.claims') ? CLAIM : undefined;
  return principal && { principal: { field: principal, key, values, notValues } };
}

/** Whether a term has a value. */
function isStated({ values, notValues }: RuleTerm<unknown>): boolean {
  return values.length > 0 || notValues.length > 0;
}

function term<C>(field: RuleField<C>, key: string, values: readonly string[] = [], notValues: readonly string[] = []): RuleTerm<C> {
  return { field, key, values, notValues };
}

/** The terms of a source. */
export function sourceTerms(source: Source = {}): Terms<Principal> {
  return [
    term(PRINCIPAL, 'principals', source.principals, source.notPrincipals),
    term(REQUEST_PRINCIPAL, 'requestPrincipals', source.requestPrincipals, source.notRequestPrincipals),
    term(SERVICE_ACCOUNT, 'serviceAccounts', source.serviceAccounts, source.notServiceAccounts),
    term(TRUST_DOMAIN, 'trustDomains', source.trustDomains, source.notTrustDomains),
    term(NAMESPACE, 'namespaces', source.namespaces, source.notNamespaces),
    term(REMOTE_IP, 'remoteIpBlocks', source.remoteIpBlocks, source.notRemoteIpBlocks),
    term(SOURCE_IP, 'ipBlocks', source.ipBlocks, source.notIpBlocks),
  ].filter(isStated);
}

/** The terms of an operation. */
export function operationTerms(operation: Operation = {}): Terms<Permission> {
  return [
    term(HOST, 'hosts', operation.hosts, operation.notHosts),
    term(METHOD, 'methods', operation.methods, operation.notMethods),
    term(PATH, 'paths', operation.paths, operation.notPaths),
    term(DESTINATION_PORT, 'ports', operation.ports, operation.notPorts),
  ].filter(isStated);
}

/** A term on principals or trust domains, with the aliases of the mesh's trust domain. */
function migrated(stated: RuleTerm<Principal>, trustDomains: readonly string[]): RuleTerm<Principal> {
  const migrate = stated.field === PRINCIPAL ? withAliases : stated.field === TRUST_DOMAIN ? withAllOfMesh : undefined;
  return migrate ? { ...stated, values: migrate(stated.values, trustDomains), notValues: migrate(stated.notValues, trustDomains) } : stated;
}

/** How conditions are joined. */
interface Joints<C> {
  readonly any: C;
  readonly and: (all: readonly C[]) => C;
  readonly or: (some: readonly C[]) => C;
  readonly not: (one: C) => C;
}

const PERMISSIONS: Joints<Permission> = {
  any: { any: true }, and: rules => ({ andRules: { rules } }), or: rules => ({ orRules: { rules } }), not: notRule => ({ notRule }),
};
const PRINCIPALS: Joints<Principal> = {
  any: { any: true }, and: ids => ({ andIds: { ids } }), or: ids => ({ orIds: { ids } }), not: notId => ({ notId }),
};

function conjunction<C>(terms: Terms<C>, target: RuleTarget, joints: Joints<C>): C | undefined {
  const all: C[] = [];
  for (const each of terms) {
    const [yes, no] = [disjunction(each, each.values, target, joints), disjunction(each, each.notValues, target, joints)];
    if (yes === 'void' || no === 'void') return undefined;
    if (yes !== undefined) all.push(yes);
    if (no !== undefined) all.push(joints.not(no));
  }
  return joints.and(all.length === 0 ? [joints.any] : all);
}

/** The condition of some values; undefined where no value is one. */
function disjunction<C>(
  { field, key }: RuleTerm<C>, values: readonly string[], target: RuleTarget, joints: Joints<C>,
): C | 'void' | undefined {
  if (values.length === 0) return undefined;
  const found = 'all' in field ? [field.all(values, target, key)] : values.map(value => field.one(value, target, key));
  if (target.isStrict && found.includes(undefined)) return 'void';
  const conditions = found.flatMap(condition => condition ?? []);
  if (conditions.length === 0) return undefined;
  return 'all' in field ? conditions[0] : joints.or(conditions);
}
