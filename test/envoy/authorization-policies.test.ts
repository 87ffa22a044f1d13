import { AuthorizationPolicies } from '../../src/envoy/access/authorization-policies';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { manifestsOf, readManifests } from '../../src/manifest/manifest';

function policy(name: string, spec: KubernetesObject['spec'] = {}, namespace = 'shop', creationTimestamp?: string): KubernetesObject {
  const metadata = { name, namespace, ...(creationTimestamp && { creationTimestamp }) };
  return { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata, spec };
}

function policiesOf(objects: readonly KubernetesObject[]): AuthorizationPolicies {
  return new AuthorizationPolicies(manifestsOf(readManifests(objects).manifests, 'AuthorizationPolicy'), 'istio-system');
}

function namesFor(labels: { readonly [name: string]: string }, ...policies: readonly KubernetesObject[]): readonly string[] {
  return policiesOf(policies).of({ type: 'sidecar', namespace: 'shop', labels }).map(({ metadata: { name } }) => name);
}

describe('the policies of a proxy', () => {
  const ofWeb = { selector: { matchLabels: { app: 'web' } } };
  const ofGate = { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'gate' }] };

  test('are those of the root namespace, then those of its own, each by age', () => {
    expect(namesFor({ app: 'web' },
      policy('young', {}, 'shop', '2026-03-01T00:00:00Z'), policy('old', ofWeb, 'shop', '2026-01-01T00:00:00Z'),
      policy('middle', {}, 'shop', '2026-02-01T00:00:00Z'), policy('root', {}, 'istio-system', '2026-04-01T00:00:00Z'),
      policy('elsewhere', {}, 'bank'))).toEqual(['root', 'old', 'middle', 'young']);
  });

  test('are those that select its labels', () => {
    expect(namesFor({ app: 'cart' }, policy('a', ofWeb), policy('b'))).toEqual(['b']);
  });

  test('are those that name the Gateway of its pods', () => {
    expect(namesFor({ 'gateway.networking.k8s.io/gateway-name': 'gate' }, policy('a', ofGate), policy('b', ofWeb))).toEqual(['a']);
    expect(namesFor({ 'gateway.networking.k8s.io/gateway-name': 'other' }, policy('a', ofGate))).toEqual([]);
    expect(namesFor({ app: 'gate' }, policy('a', ofGate))).toEqual([]);
  });

  test('are one list for proxies with the same policies', () => {
    const policies = policiesOf([policy('a'), policy('b', ofWeb)]);
    const of = (app: string) => policies.of({ type: 'sidecar', namespace: 'shop', labels: { app } });
    expect(of('cart')).toBe(of('mail'));
    expect(of('cart')).not.toBe(of('web'));
  });
});
