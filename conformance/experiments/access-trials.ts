import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RULES } from '../../src/analysis';
import type { SentCall } from '../access-requests/generate';

const FIXTURES = join(__dirname, '../../test/analysis/fixtures');

/** The pods that are called in the examples. */
export const CALLED = { name: 'catalog', type: 'sidecar', namespace: 'shop', labels: { app: 'catalog' } } as const;

/** A call to the pods of both examples of a rule, and its outcome in each. */
export interface AccessTrial {
  readonly rule: string;
  readonly call: SentCall;
  readonly bad: string;
  readonly good: string;
}

const CALL: SentCall = {
  port: 8080, method: 'GET', path: '/', authority: 'catalog', headers: {}, source: '127.0.0.1', account: 'shop/web', serverName: 'catalog',
};

function trial(rule: string, call: Partial<SentCall>, bad: string, good: string): AccessTrial {
  return { rule, call: { ...CALL, ...call }, bad, good };
}

/** The rules about who may call. */
export const ACCESS_TRIALS: readonly AccessTrial[] = [
  trial('deny-closes-tcp-port', { port: 9000 }, 'reset', 'allowed'),
  trial('deny-closes-tcp-port', { method: 'DELETE' }, 'denied', 'denied'),
  trial('rule-differs-on-tcp-port', { port: 9000 }, 'reset', 'allowed'),
  trial('rule-differs-on-tcp-port', {}, 'allowed', 'allowed'),
  trial('access-condition-dropped', {}, 'denied', 'allowed'),
  trial('access-condition-dropped', { headers: { 'x-tenant': 'blocked' } }, 'denied', 'denied'),
  trial('token-without-request-authentication', { claims: { iss: 'https://issuer.example.com', sub: 'ann' } }, 'denied', 'allowed'),
  trial('identity-without-mutual-tls', {}, 'denied', 'allowed'),
  trial('authorization-policy-selects-no-pods', { method: 'DELETE' }, 'allowed', 'denied'),
  trial('authentication-selects-no-pods', { claims: { iss: 'https://issuer.example.com', sub: 'ann', exp: 1 } }, 'allowed', 'unauthenticated'),
  trial('foreign-trust-domain', {}, 'denied', 'allowed'),
  trial('allow-rule-denied', { path: '/admin/stock' }, 'denied', 'allowed'),
  trial('allow-policy-without-rules', {}, 'denied', 'allowed'),
  trial('access-path-not-normalized', { path: '/admin' }, 'allowed', 'denied'),
  trial('access-path-not-normalized', { path: '/%61dmin' }, 'allowed', 'denied'),
  trial('mutual-tls-against-disabled', { insistsOnTls: true }, 'reset', 'allowed'),
  trial('mutual-tls-disabled-against-strict', { account: undefined }, 'reset', 'reset'),
  trial('remote-address-of-any-caller', { headers: { 'x-forwarded-for': '203.0.113.7' } }, 'allowed', 'denied'),
  trial('access-host-port', { authority: 'catalog:8080' }, 'allowed', 'denied'),
  trial('exclusion-admits-plaintext', { account: undefined }, 'allowed', 'denied'),
  trial('exclusion-admits-plaintext', { account: 'batch/jobs' }, 'denied', 'denied'),
  trial('access-port-of-service', {}, 'denied', 'allowed'),
  trial('peer-authentication-without-effect', { account: undefined }, 'reset', 'allowed'),
  trial('several-peer-authentications', { account: undefined }, 'reset', 'allowed'),
  trial('gateway-not-allowed', { account: 'shop/gate' }, 'denied', 'allowed'),
];

export const EXAMPLES = ['bad', 'good'] as const;
export type Example = typeof EXAMPLES[number];

/** An example of a rule, with the MeshConfig that it needs. */
export function exampleOf(rule: string, which: Example): { readonly manifests: string; readonly meshConfig?: string } {
  const { meshConfig } = RULES.find(({ id }) => id === rule)?.load().example ?? {};
  return {
    manifests: readFileSync(join(FIXTURES, rule, `${which}.yaml`), 'utf8'),
    ...(meshConfig && { meshConfig: JSON.stringify(meshConfig) }),
  };
}
