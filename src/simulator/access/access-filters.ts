import type { AccessFacts } from './facts';
import { checkedToken } from './token-check';
import type { AccessVerdict, MissedRule } from './verdict';
import { ALLOWED, describeRule, ruleOf, ruleResult } from './verdict';
import { claimHeadersOf } from '../../envoy/received-headers';
import { clearsRouteCache } from '../../envoy/verified-claims';
import type { TypedExtensionConfig } from '../../envoy/xds/core';
import type { HttpFilter } from '../../envoy/xds/http-connection-manager';
import type { JwtAuthentication } from '../../envoy/xds/jwt-authn';
import type { NetworkFilter } from '../../envoy/xds/listener';
import type { RbacRules } from '../../envoy/xds/rbac';
import type { Request } from '../request';
import type { Token } from '../token';

/** What the caller of the simulator knows beside a request. */
export interface Stated {
  /** What an external authorizer would answer. Undefined if that is not known. */
  readonly authorizer?: 'allows' | 'denies';
  /** The time at which tokens are verified, in seconds since 1970. */
  readonly now: number;
  /** Whether istiod may know the provider of a CUSTOM policy that the input does not have. @default false */
  readonly mayHaveProvider?: boolean;
}

/** What the filters of one proxy decide. */
export interface Filtered {
  readonly verdict: AccessVerdict;
  /** The token that goes on with the request. */
  readonly token: Token;
  /** The verified token, as far as routes see it. Undefined if no filter verifies tokens. */
  readonly verified?: Token;
  /** The headers that tell the claims of the token. */
  readonly claimHeaders: readonly string[];
}

/**
 * Asks the access filters of a chain, in their order. A filter whose answer is not known leaves the answer open, unless a later one denies.
 */
export function filtered(filters: readonly (HttpFilter | NetworkFilter)[], facts: AccessFacts, stated: Stated): Filtered {
  const isHttp = facts.request !== undefined;
  // Rules see the claims of tokens that a filter verified.
  let now: AccessFacts = { ...facts, token: 'none' };
  let sent = facts.token;
  let verified: Token | undefined;
  const claimHeaders: string[] = [];
  let open: AccessVerdict | undefined;
  let allowed = ALLOWED;
  let isAsked: boolean | undefined = false;
  for (const { name, typedConfig } of filters as readonly TypedExtensionConfig[]) {
    if (name.endsWith('.rbac')) {
      const { rules, shadowRules, shadowRulesStatPrefix } = typedConfig as TypedExtensionConfig['typedConfig'] & RbacRules;
      if (shadowRules && shadowRulesStatPrefix === 'istio_ext_authz_') {
        const { matched, open: may } = ruleResult(shadowRules, now);
        isAsked = matched !== undefined || (may.length > 0 ? undefined : false);
      } else if (rules) {
        const verdict = ofRules(rules, now, stated);
        if (verdict.outcome === 'denied' || verdict.outcome === 'reset') return { verdict, token: sent, claimHeaders };
        if (verdict.outcome === 'undecided') open ??= verdict;
        else if (verdict.by) allowed = verdict;
      }
    } else if (name.endsWith('.ext_authz') && isAsked !== false) {
      const verdict = asked(stated, isHttp, isAsked === undefined ? MAY_BE_ASKED : DECIDES);
      if (verdict.outcome === 'denied' || verdict.outcome === 'reset') return { verdict, token: sent, claimHeaders };
      if (verdict.outcome === 'undecided') open ??= verdict;
    } else if (name.endsWith('.jwt_authn') && now.request) {
      const checked = checkedToken(typedConfig as JwtAuthentication, facts.token, now.request, stated.now);
      if (checked.failure) {
        const { status, why } = checked.failure;
        return { verdict: { outcome: status === 401 ? 'unauthenticated' : 'denied', status, why, missed: [] }, token: sent, claimHeaders };
      }
      if (checked.token === 'unknown') {
        open ??= { outcome: 'undecided', why: 'it is not known whether the token of the request is valid; name its claims', missed: [] };
      }
      // Envoy selects the route anew once a token is verified.
      if (clearsRouteCache(typedConfig as JwtAuthentication)) verified = checked.token;
      claimHeaders.push(...claimHeadersOf(typedConfig as JwtAuthentication));
      now = { ...now, token: checked.token, request: withClaimHeaders(now.request, claimHeaders) };
      if (typeof checked.token === 'object' && !checked.isForwarded) sent = 'none';
    }
  }
  return { verdict: open ?? allowed, token: sent, claimHeaders, verified };
}

/** A request with headers whose values the claims of a token decide. */
export function withClaimHeaders(request: Request, names: readonly string[]): Request {
  if (names.length === 0) return request;
  const claims = names.map(name => [name, { what: 'claims', start: '', mayBeAbsent: true }] as const);
  const headers = new Map([...request.headers].filter(([name]) => !names.includes(name)));
  return { ...request, headers, generated: new Map([...request.generated ?? [], ...claims]) };
}

function ofRules(rules: NonNullable<RbacRules['rules']>, facts: AccessFacts, stated: Stated): AccessVerdict {
  const { matched, open, missed } = ruleResult(rules, facts);
  const isHttp = facts.request !== undefined;
  const refusal = refusalOf(isHttp);
  if (rules.action === 'LOG') return ALLOWED;
  if (rules.action === 'DENY') {
    const isBad = matched?.endsWith('-deny-due-to-bad-CUSTOM-action') ?? false;
    if (matched !== undefined) {
      const rule = ruleOf(matched);
      if (isBad && stated.mayHaveProvider) {
        return asked(stated, isHttp, `${describeRule(rule)} asks a provider that the input does not have; `
          + 'add MeshConfig, and the Service of the provider');
      }
      const why = isBad ? `${describeRule(rule)} matches, and istiod refuses its provider` : `${describeRule(rule)} denies it`;
      return { ...refusal, by: rule, why, missed: [] };
    }
    return open.length === 0 ? ALLOWED : undecided(`${describeRule(open[0])} may deny it`, open);
  }
  if (matched !== undefined) return { ...ALLOWED, by: ruleOf(matched), why: `${describeRule(ruleOf(matched))} allows it` };
  if (open.length > 0) return undecided(`${describeRule(open[0])} may allow it`, open);
  return { ...refusal, why: 'no ALLOW policy matches', missed };
}

function undecided(what: string, open: readonly MissedRule[]): AccessVerdict {
  return { outcome: 'undecided', why: `${what}: ${open[0].why}`, missed: open.slice(1) };
}

function refusalOf(isHttp: boolean): Pick<AccessVerdict, 'outcome' | 'status'> {
  return isHttp ? { outcome: 'denied', status: 403 } : { outcome: 'reset' };
}

/** Why a verdict is open that an external authorizer certainly decides. */
export const DECIDES = 'an external authorizer decides';
const MAY_BE_ASKED = 'an external authorizer may be asked, and may deny it';

/** What an external authorizer answers, as far as the caller of the simulator knows. */
function asked({ authorizer }: Stated, isHttp: boolean, open: string): AccessVerdict {
  if (authorizer === 'allows') return ALLOWED;
  if (authorizer === 'denies' && open !== MAY_BE_ASKED) {
    return { ...refusalOf(isHttp), why: 'the external authorizer is set to deny it', missed: [] };
  }
  return { outcome: 'undecided', why: open, missed: [] };
}
