import { hostPolicies } from '../../src/analysis/facts/host-policies';
import { SelectingPolicies } from '../../src/analysis/facts/selecting-policies';
import { readInput } from '../../src/analysis/input';
import { TrafficIndex } from '../../src/analysis/traffic-index';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import type { Labels } from '../../src/manifest/labels';
import { selects } from '../../src/manifest/labels';
import { seeded } from '../../src/simulator/load/random';

/** Labels of few names and values, so that many selectors overlap. */
function drawnLabels(random: () => number): Labels {
  const names = ['app', 'tier', 'version'].filter(() => random() < 0.6);
  return Object.fromEntries((names.length > 0 ? names : ['app']).map(name => [name, ['a', 'b', 'c'][Math.floor(random() * 3)]]));
}

function mesh(random: () => number): readonly KubernetesObject[] {
  const times = (n: number, make: (i: number) => KubernetesObject) => Array.from({ length: n }, (_, i) => make(i));
  return [
    ...times(8, i => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name: `rule-${i}`, namespace: 'shop' },
      spec: { host: 'catalog', workloadSelector: { matchLabels: drawnLabels(random) } },
    })),
    ...times(4, i => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `pod-${i}`, namespace: i === 0 ? 'other' : 'shop', labels: drawnLabels(random) },
      spec: { containers: [] },
    })),
  ];
}

test('the first DestinationRule that selects common callers is the one that a comparison of all pairs finds', () => {
  const random = seeded(11);
  let found = 0;
  for (let round = 0; round < 150; round++) {
    const index = new TrafficIndex(readInput(mesh(random), 'default'));
    const all = hostPolicies(index);
    const policies = new SelectingPolicies(all);
    for (const [place, own] of all.entries()) {
      const haveCommonCallers = (one: Labels = {}, other: Labels = {}) => selects(one, other) || selects(other, one)
        || index.workloads.in('shop').some(({ labels }) => selects(one, labels) && selects(other, labels));
      const expected = all.slice(0, place).find(({ selector }) => haveCommonCallers(selector, own.selector));
      expect(policies.firstWithCallersOf(own, index.workloads)).toBe(expected);
      if (expected) found++;
    }
  }
  expect(found).toBeGreaterThan(300);
});
