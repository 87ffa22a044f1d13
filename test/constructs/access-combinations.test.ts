import { manifests, newChart } from '../manifests';
import type { Manifest } from '../manifests';
import type { AccessPolicyProps } from 'cdk8s-istio';
import { AccessAction, AccessPolicy, Caller, MutualTlsMode, PolicyScope } from 'cdk8s-istio';

const ACTIONS = { none: undefined, allow: AccessAction.allow(), deny: AccessAction.deny(), custom: AccessAction.custom('authorizer') };

const SCOPES = { mesh: PolicyScope.mesh(), namespace: PolicyScope.namespace() };

const of = (found: readonly Manifest[], kind: string) => found.filter(manifest => manifest.kind === kind);

describe('one AccessPolicy can set mutual TLS, deny by default, and state a rule of any action', () => {
  const combinations = [undefined, MutualTlsMode.STRICT].flatMap(mode => [false, true].flatMap(denyByDefault => (
    Object.entries(ACTIONS).flatMap(([action, value]) => Object.entries(SCOPES).flatMap(([where, scope]) => (
      [undefined, 'guard'].map(name => ({ where, mode, denyByDefault, action, value, scope, name }))
    )))
  ))).filter(({ mode, denyByDefault, action }) => mode !== undefined || denyByDefault || action !== 'none');

  test.each(combinations)('for the $where: mode $mode, denyByDefault $denyByDefault, action $action, name $name', (
    { mode, denyByDefault, action, value, scope, name },
  ) => {
    const chart = newChart();
    const terms = action === 'allow' ? { callers: [Caller.namespace('web')] } : { ipBlocks: ['10.0.0.0/8'] };
    const rule: Partial<AccessPolicyProps> = value ? { action: value, ...terms } : {};
    new AccessPolicy(chart, 'Policy', { scope, mode, denyByDefault, name, ...rule });
    const found = manifests(chart);
    const base = name ?? 'default';
    const allows = denyByDefault || action === 'allow';
    const named = [...(allows ? [base] : []), ...(['deny', 'custom'].includes(action) ? [`${base}.${action}`] : [])];
    expect(of(found, 'PeerAuthentication').map(({ metadata }) => metadata.name)).toEqual(mode ? [base] : []);
    expect(of(found, 'AuthorizationPolicy').map(({ metadata }) => metadata.name).sort()).toEqual(named.sort());
    expect(of(found, 'AuthorizationPolicy').filter(({ spec }) => Object.keys(spec).length === 0))
      .toHaveLength(denyByDefault && action !== 'allow' ? 1 : 0);
  });

  test('the objects stay the same if a policy whose path comes earlier joins them', () => {
    const all = { scope: PolicyScope.namespace(), mode: MutualTlsMode.STRICT, denyByDefault: true, action: AccessAction.deny(), ipBlocks: ['10.1.0.0/16'] };
    const rule = { scope: PolicyScope.namespace(), action: AccessAction.deny(), ipBlocks: ['10.2.0.0/16'] };
    const rendered = (ids: readonly string[]) => {
      const chart = newChart();
      for (const id of ids) new AccessPolicy(chart, id, id === 'Whole' ? all : rule);
      return manifests(chart);
    };
    expect(rendered(['Whole', 'Early'])).toEqual(rendered(['Early', 'Whole']));
    expect(of(rendered(['Whole', 'Early']), 'AuthorizationPolicy')).toHaveLength(2);
  });
});
