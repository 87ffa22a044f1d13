import type { Entry } from './access-formulas';
import { audienceFormula, policyFormula } from './access-formulas';
import { ISSUER } from './claims';
import type { Condition } from './condition';
import type { Formula } from './formula';
import { ALWAYS, unreadFormula, withConditions } from './formula';
import type { Barrier } from './gate';
import { Gate, OPEN_GATE } from './gate';
import { beginning, exactly, fixedSet } from './string-set';
import { connectionManagerOf } from '../envoy/filter-chains';
import type { HttpFilter } from '../envoy/xds/http-connection-manager';
import type { JwtAuthentication, JwtProvider } from '../envoy/xds/jwt-authn';
import type { FilterChain } from '../envoy/xds/listener';
import type { Rbac, RbacRules } from '../envoy/xds/rbac';

/** What the filters of a chain deny before they route; the port is that of the listener. */
export function gateOf(chain: FilterChain, port: number): Gate {
  const filters = connectionManagerOf(chain)?.httpFilters ?? [];
  const tls = chain.transportSocket?.typedConfig;
  const entry = { port, isTls: tls !== undefined, hasCertificate: tls?.requireClientCertificate === true };
  return filtersGate(filters, entry);
}

/** What some filters deny, with more known of the connections. `seen` turns a condition on what callers send into what filters see. */
export function filtersGate(filters: readonly HttpFilter[], entry: Entry, seen: (condition: Condition) => Formula = same): Gate {
  const barriers = barriersOf(filters, entry)
    .map(({ denies, ...barrier }) => ({ ...barrier, denies: seen === same ? denies : withConditions(denies, seen) }));
  return barriers.length === 0 ? OPEN_GATE : new Gate(barriers);
}

function same(condition: Condition): Formula {
  return condition;
}

function barriersOf(filters: readonly HttpFilter[], start: Entry): readonly Barrier[] {
  const barriers: Barrier[] = [];
  let entry = start;
  let asked: Formula | undefined;
  for (const filter of filters) {
    if (filter.name === 'envoy.filters.http.rbac') {
      const { rules, shadowRules, shadowRulesStatPrefix }: RbacRules = filter.typedConfig;
      if (shadowRules && shadowRulesStatPrefix === 'istio_ext_authz_') asked = namedBy(shadowRules, entry);
      if (rules) barriers.push(...ofRules(rules, entry));
    } else if (filter.name === 'envoy.filters.http.ext_authz' && asked) {
      barriers.push({ denies: { all: [asked, unreadFormula('what an external authorizer answers')] }, of: ['an external authorizer'] });
    } else if (filter.name === 'envoy.filters.http.jwt_authn') {
      const [accepted, verified] = [acceptedToken(filter.typedConfig), verifiedRequests(filter.typedConfig)];
      entry = { ...entry, validToken: { all: [accepted, verified] } };
      barriers.push(...tokenBarriers(filter.typedConfig, accepted, verified));
    }
  }
  return barriers;
}

/** The requests that some rule names. */
function namedBy({ policies = {} }: Rbac, entry: Entry): Formula {
  return { any: Object.keys(policies).sort().map(name => policyFormula(policies[name], entry)) };
}

function ofRules(rules: Rbac, entry: Entry): Barrier[] {
  const { action = 'ALLOW', policies = {} } = rules;
  if (action === 'LOG') return [];
  if (action === 'ALLOW') return [{ denies: { not: namedBy(rules, entry) }, of: [...new Set(Object.keys(policies).map(objectOf))] }];
  return Object.entries(policies).map(([name, policy]): Barrier => {
    const named = policyFormula(policy, entry);
    // The provider that istiod lacks may be one that the input does not have.
    const isBad = name.endsWith('-deny-due-to-bad-CUSTOM-action');
    return { denies: isBad ? { all: [named, unreadFormula('the provider of a CUSTOM policy')] } : named, of: [objectOf(name)] };
  });
}

/** The object behind Envoy's name of a policy. */
function objectOf(name: string): string {
  const [, namespace, policy] = /ns\[(.*)\]-policy\[(.*)\]-rule\[\d+\]/.exec(name) ?? [];
  return `AuthorizationPolicy ${namespace}/${policy}`;
}

/** The tokens that some provider accepts. */
function acceptedToken({ providers = {} }: JwtAuthentication): Formula {
  return {
    any: Object.values(providers).map(({ issuer, audiences = [] }): Formula => ({
      all: [
        { field: ISSUER, test: issuer === undefined ? 'present' : exactly(issuer), holds: true },
        ...(audiences.length === 0 ? [] : [{ any: audiences.map(audienceFormula) }]),
      ],
    })),
  };
}

const NOT_EMPTY = fixedSet('.+');
const PREFLIGHT: Formula = {
  all: [
    { field: 'method', test: exactly('OPTIONS'), holds: true },
    { field: 'header origin', test: NOT_EMPTY, holds: true },
    { field: 'header access-control-request-method', test: NOT_EMPTY, holds: true },
  ],
};

/** The requests whose tokens a filter verifies. */
function verifiedRequests({ bypassCorsPreflight }: JwtAuthentication): Formula {
  return bypassCorsPreflight ? { not: PREFLIGHT } : ALWAYS;
}

/** What a filter that verifies tokens denies: requests with tokens that are not valid. */
function tokenBarriers({ providers = {} }: JwtAuthentication, accepted: Formula, verified: Formula): Barrier[] {
  const places = Object.values(providers).flatMap(placesOf);
  const reason = { of: ['the RequestAuthentication'], isAboutTokens: true } as const;
  return [
    // A preflight request is treated as one without a token, and there is such a one for each.
    { denies: { all: [{ field: ISSUER, test: 'present', holds: true }, { not: verified }] }, ...reason, leavesOut: true },
    { denies: { all: [{ field: ISSUER, test: 'present', holds: true }, { not: accepted }, verified] }, ...reason },
    // A value at a place of tokens may be a token that is not known.
    { denies: { all: [{ any: places }, verified, unreadFormula('whether a token is valid')] }, ...reason },
  ];
}

/** Where a request may carry a token. */
function placesOf({ fromHeaders = [], fromParams = [], fromCookies = [] }: JwtProvider): Condition[] {
  const isStated = fromHeaders.length + fromParams.length + fromCookies.length > 0;
  const headers = isStated ? fromHeaders : [{ name: 'authorization', valuePrefix: 'Bearer ' }];
  const parameters = isStated ? fromParams : ['access_token'];
  return [
    ...headers.map(({ name, valuePrefix = '' }): Condition => (
      { field: `header ${name.toLowerCase()}`, test: beginning(valuePrefix), holds: true })),
    ...parameters.map((name): Condition => ({ field: `parameter ${name}`, test: 'present', holds: true })),
    ...fromCookies.map((): Condition => ({ field: 'header cookie', test: 'present', holds: true })),
  ];
}
