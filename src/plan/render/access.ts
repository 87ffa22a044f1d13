import type { AuthorizationPolicySpec, AuthorizationPolicySpecRules, PeerAuthenticationSpec } from '../../../imports/security.istio.io';
import type { MutualTlsMode } from '../../traffic/mutual-tls-mode';
import type { AccessModel, AccessRule, WorkloadFacts } from '../model/access';
import { podPort } from '../model/access';
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

/** The AuthorizationPolicy of a service's pods. */
export function authorizationPolicy({ facts, rules }: AccessModel): AuthorizationPolicySpec {
  const texts = new Set(rules.map(rule => JSON.stringify(ruleOf(facts, rule))));
  return {
    selector: { matchLabels: sorted(facts.selector) },
    action: 'ALLOW' as AuthorizationPolicySpec['action'],
    rules: [...texts].sort().map(text => JSON.parse(text) as AuthorizationPolicySpecRules),
  };
}

function ruleOf(facts: WorkloadFacts, { from, ports, methods, paths }: AccessRule): AuthorizationPolicySpecRules {
  const list = (values: readonly string[] | undefined) => (values && values.length > 0 ? [...new Set(values)].sort() : undefined);
  const [principals, namespaces] = [list(from?.principals), list(from?.namespaces)];
  const operation = { methods: list(methods), paths: list(paths), ports: list(ports?.map(port => String(podPort(facts, port)))) };
  return {
    from: from && [...(principals ? [{ source: { principals } }] : []), ...(namespaces ? [{ source: { namespaces } }] : [])],
    to: Object.values(operation).some(value => value !== undefined) ? [{ operation }] : undefined,
  };
}

/** The access rules in words. */
export function accessSummary(model: AccessModel): readonly string[] {
  const modes = [...model.modes]
    .map(([port, { value }]) => `  mutual TLS${port === undefined ? '' : ` at port ${port} of the pods`}: ${value}`).sort();
  const rules = authorizationPolicy(model).rules!.map(({ from, to }) => {
    const callers = from?.map(({ source }) => source!)
      .flatMap(({ principals = [], namespaces = [] }) => [...principals, ...namespaces.map(n => `namespace ${n}`)]) ?? ['anyone'];
    const { methods, paths, ports } = to?.[0].operation ?? {};
    const what = [methods?.join('|'), paths?.join('|'), ports && `port ${ports.join('|')} of the pods`].filter(part => part !== undefined);
    return `    ${callers.join(', ')}: ${what.join(' ') || 'everything'}`;
  });
  return [...modes, ...(rules.length > 0 ? ['  allowed callers:', ...rules] : [])];
}
