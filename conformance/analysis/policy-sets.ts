import type { GeneratedSet } from './sets';
import { seeded } from '../../src/simulator/load/random';

/** What EnvoyFilters may patch, except for what the analyzers misjudge; see the deviations about EnvoyFilters. */
const PARTS = ['NETWORK_FILTER', 'HTTP_FILTER', 'ROUTE_CONFIGURATION', 'VIRTUAL_HOST', 'CLUSTER', 'LISTENER', 'FILTER_CHAIN'];
const OPERATIONS = ['MERGE', 'ADD', 'REMOVE', 'REPLACE', 'INSERT_BEFORE', 'INSERT_FIRST'];
const LABELS = [{ app: 'catalog' }, { app: 'web', version: 'v1' }, { app: 'web' }, { app: 'gone' }, { version: 'v1' }];

/** A random set of policies, with the pods that some of them select. */
export function policySet(seed: number): GeneratedSet {
  const random = seeded(seed);
  const chance = (share: number) => random() < share;
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)];
  const times = <T>(most: number, make: (i: number) => T): T[] => (
    Array.from({ length: Math.floor(random() * (most + 1)) }, (_, i) => make(i)));
  const object = (apiVersion: string, kind: string, namespace: string, name: string, spec: unknown, labels = {}) => (
    { apiVersion, kind, metadata: { name, namespace, labels }, spec });
  const pod = (i: number) => object('v1', 'Pod', one(['a', 'b']), `pod-${i}`, { containers: [{ name: 'app', image: 'app' }] }, {
    ...one(LABELS.slice(0, 3)), ...(chance(0.2) ? { 'sidecar.istio.io/inject': one(['true', 'false']) } : {}),
  });
  const policy = (i: number) => object('security.istio.io/v1', 'AuthorizationPolicy', one(['a', 'b', 'c', 'istio-system']), `policy-${i}`, {
    ...(chance(0.7) ? { selector: { matchLabels: one(LABELS) } } : {}), rules: [{}],
  });
  const filter = (i: number) => object('networking.istio.io/v1alpha3', 'EnvoyFilter', one(['a', 'b']), `filter-${i}`, {
    configPatches: [1, 2].map(() => ({ applyTo: one(PARTS), patch: { operation: one(OPERATIONS), value: {} } })),
  });
  const namespaces = ['a', 'b', 'c', 'istio-system'].map(name => (
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: name === 'c' ? {} : { 'istio-injection': 'enabled' } } }));
  const objects = [...namespaces, ...times(4, pod), ...times(4, policy), ...times(3, filter)];
  return { id: `policy-set-${seed}`, text: objects.map(each => JSON.stringify(each, null, 1)).join('\n---\n') };
}
