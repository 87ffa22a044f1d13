import { authorizationPolicy, ruleInWords } from './authorization-policy';
import type { PeerAuthenticationSpec } from '../../../imports/security.istio.io';
import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { AccessModel, PolicyPart } from '../model/access';
import { partOf } from '../model/access';
import { sorted } from '../model/sorted';

/** The PeerAuthentication of a service's pods. */
export function peerAuthentication({ facts, modes }: AccessModel): PeerAuthenticationSpec {
  const mode = (port: number | undefined) => modeOf(modes.get(port)!.value);
  const ports = [...modes.keys()].filter(port => port !== undefined).sort((a, b) => a - b);
  const byPort = Object.fromEntries(ports.map(port => [String(port), mode(port)]));
  return {
    selector: { matchLabels: sorted(facts.selector) },
    ...(modes.has(undefined) ? { mtls: mode(undefined) } : {}),
    ...(ports.length > 0 ? { portLevelMtls: byPort as PeerAuthenticationSpec['portLevelMtls'] } : {}),
  };
}

/** The PeerAuthentication of a scope. */
export function scopedPeerAuthentication(mode: MutualTlsMode): PeerAuthenticationSpec {
  return { mtls: modeOf(mode) };
}

function modeOf(mode: MutualTlsMode): PeerAuthenticationSpec['mtls'] {
  return { mode: mode as string } as PeerAuthenticationSpec['mtls'];
}

/** The titles of the rules of an action, in the order of decisions. */
const TITLES: readonly (readonly [PolicyPart, string])[] = [
  ['CUSTOM', 'asks an external authorizer about'], ['AUDIT', 'audits'], ['DENY', 'denied callers'], ['ALLOW', 'allowed callers'],
  ['DENY dry-run', 'callers that would be denied (dry run)'], ['ALLOW dry-run', 'callers that would be allowed (dry run)'],
];

/** The access rules in words. */
export function accessSummary({ modes, rules, tokens, facts }: AccessModel): readonly string[] {
  const ofModes = [...modes]
    .map(([port, { value }]) => `  mutual TLS${port === undefined ? '' : ` at port ${port} of the pods`}: ${value}`).sort();
  const issuers = [...new Set(tokens.map(({ issuer }) => issuer))].sort();
  return [...ofModes, ...(issuers.length > 0 ? [`  tokens of ${issuers.join(', ')}`] : []), ...TITLES.flatMap(([part, title]) => {
    const own = rules.filter(rule => partOf(rule) === part);
    return own.length === 0 ? [] : [`  ${title}:`, ...authorizationPolicy(own, facts).rules!.map(rule => `    ${ruleInWords(rule)}`)];
  })];
}
