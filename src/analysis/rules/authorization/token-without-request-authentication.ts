import { enforcedAction } from '../../facts/access-rules';
import { attributesOf } from '../../facts/access-values';
import { gatewayApiNameOf } from '../../facts/gateway-api-pods';
import { podsOfPolicy, tokenPoliciesOf } from '../../facts/policy-pods';
import type { Workload } from '../../facts/workloads';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';
import { quotedList } from '../../words';

export const rule = defineRule({
  id: 'token-without-request-authentication',
  codes: [],
  severity: 'error',
  subjects: ['AuthorizationPolicy'],
  needs: ['Workload'],
  title: 'A rule requires a token that no RequestAuthentication verifies',
  effect: 'Envoy knows only the claims of verified tokens. A condition on them matches no request, and a negated one excludes none: ALLOW '
    + 'lets no request in by such a rule, and DENY with notRequestPrincipals denies every request.',
  check(object, report, index) {
    const action = enforcedAction(object);
    if (action !== 'ALLOW' && action !== 'DENY') return;
    const asked = attributesOf(object).filter(({ key }) => isOfToken(key));
    if (asked.length === 0) return;
    const pods = podsOfPolicy(object, index);
    if (pods.length === 0 || pods.some(pod => gatewayApiNameOf(pod) !== undefined || isPatched(pod, index))) return;
    const issuers = issuersAt(pods, index);
    const namespace = index.namespaceOf(object);
    for (const { key, values, path, notPath } of asked) {
      const isMissing = issuers.size === 0;
      if (!isMissing && (!isPrincipal(key) || values.length === 0 || values.some(value => isVerified(value, issuers)))) continue;
      const effect = values.length > 0 ? 'so no request meets it' : 'so it excludes no request';
      const what = isMissing ? 'no RequestAuthentication verifies tokens at the selected pods'
        : `the RequestAuthentications of the selected pods verify only tokens of ${quotedList([...issuers])}`;
      report(values.length > 0 ? path : notPath, `'${key}' requires a verified token, but ${what}, ${effect}`,
        'add a RequestAuthentication with the issuer and its keys for these pods, or correct the selector of the intended one',
        { absent: { kind: 'RequestAuthentication', namespaces: [namespace, index.meshConfig.rootNamespace] } });
    }
  },
});

/** Whether an EnvoyFilter may add a filter that verifies tokens, whose claims the conditions read as well. */
function isPatched({ namespace }: Workload, index: TrafficIndex): boolean {
  const patched = index.memo(namespacesWithTokenFilters);
  return patched.has(namespace) || patched.has(index.meshConfig.rootNamespace);
}

function namespacesWithTokenFilters(index: TrafficIndex): ReadonlySet<string> {
  return new Set(index.of('EnvoyFilter').filter(({ spec }) => JSON.stringify(spec ?? {}).includes('jwt_authn'))
    .map(object => index.namespaceOf(object)));
}

function isOfToken(key: string): boolean {
  return isPrincipal(key) || key.startsWith('request.auth.');
}

function isPrincipal(key: string): boolean {
  return key === 'requestPrincipals' || key === 'request.auth.principal';
}

/** The issuers whose tokens some pods verify. */
function issuersAt(pods: readonly Workload[], index: TrafficIndex): ReadonlySet<string> {
  return index.memoOf(pods, findIssuers);
}

function findIssuers(pods: readonly Workload[], index: TrafficIndex): ReadonlySet<string> {
  const found = pods.flatMap(pod => tokenPoliciesOf(pod, index)).flatMap(({ spec }) => spec?.jwtRules ?? []);
  return new Set(found.map(({ issuer = '' }) => issuer));
}

/** Whether a token of some issuers may have a principal, `ISSUER/SUBJECT`. Both parts may have slashes, and a star may end it anywhere. */
function isVerified(principal: string, issuers: ReadonlySet<string>): boolean {
  if (principal.startsWith('*') || !principal.includes('/') || issuers.has('')) return true;
  const start = principal.endsWith('*') ? principal.slice(0, -1) : undefined;
  return [...issuers].some(issuer => principal.startsWith(`${issuer}/`) || (start !== undefined && issuer.startsWith(start)));
}
