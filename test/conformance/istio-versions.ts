import type { Json } from '../../conformance/istiod/client';

/** Differences between the Envoy fields of Istio 1.17.8, which the walk-through uses, and the pinned Istio: one entry each. */
export interface VersionDifference {
  readonly id: string;
  readonly why: string;
  /** Converts a fragment of 1.17.8 to the pinned Istio. Everything else stays unchanged. */
  readonly update: (field: string, value: Json) => Json;
}

export const versionDifferences: readonly VersionDifference[] = [
  {
    id: 'retriable-status-codes',
    why: 'the default retry policy lists no status code any more: an answered 503 is not retried',
    update: (field, value) => {
      if (field !== 'retryPolicy') return value;
      const { retriableStatusCodes, ...rest } = value;
      return { ...rest, retriableStatusCodes: undefined };
    },
  },
  {
    id: 'absolute-domain',
    why: 'a service\'s virtual host also takes its name with the dot of an absolute DNS name',
    update: (field, value) =>
      field === 'domains' ? value.flatMap((d: string) => (d.endsWith('.cluster.local') ? [d, `${d}.`] : [d])) : value,
  },
  {
    id: 'track-remaining',
    why: 'circuit breakers publish no remaining resources any more, which cost memory',
    update: (field, value) =>
      field === 'thresholds' ? value.map(({ trackRemaining, ...rest }: Json) => ({ ...rest, trackRemaining: undefined })) : value,
  },
  {
    id: 'locality-weights',
    why: 'locality weights are switched on only where localities are weighted, and the panic threshold is always stated',
    update: (field, value) =>
      field === 'commonLbConfig' && value.localityWeightedLbConfig
        ? { healthyPanicThreshold: {}, localityWeightedLbConfig: undefined }
        : value,
  },
  {
    id: 'shadow-host',
    why: 'a mirrored request keeps its Host; DISABLE_SHADOW_HOST_SUFFIX=false brings `-shadow` back',
    update: (field, value) =>
      field === 'requestMirrorPolicies' ? value.map((m: Json) => ({ ...m, disableShadowHostSuffixAppend: true })) : value,
  },
];

/** A fragment of 1.17.8 in the form of the pinned Istio. */
export function update(fragment: Json, differences: readonly VersionDifference[] = versionDifferences, field = ''): Json {
  const own = differences.reduce((value, difference) => difference.update(field, value), fragment);
  if (Array.isArray(own)) return own.map(item => update(item, differences));
  if (typeof own !== 'object' || own === null) return own;
  return Object.fromEntries(Object.entries(own).map(([key, value]) => [key, update(value, differences, key)]));
}
