import { PINS } from './pins';
import type { RetryDefaults } from './routes/retry-policy';
import type { Cluster, CommonLbConfig } from './xds/cluster';

/** The version of Istio that the goldens are from. */
export const PINNED: string = PINS.istio;
/** The oldest version that can be translated. */
const OLDEST = '1.17';

/** What differs between versions of Istio. */
export interface IstioVersion {
  readonly retries: RetryDefaults;
  /** Whether the domains of a service include its absolute DNS name, with the final dot. */
  readonly hasAbsoluteNames: boolean;
  /** Whether a mirrored request keeps its Host header; older versions append `-shadow`. */
  readonly keepsShadowHost: boolean;
  /** Whether circuit breakers publish statistics of what remains. */
  readonly tracksRemaining: boolean;
  /** Whether locality weights are on even if no locality has a weight. */
  readonly alwaysWeighsLocalities: boolean;
}

/** A difference, with the first version that behaves in the new way. */
interface Difference<K extends keyof IstioVersion = keyof IstioVersion> {
  readonly field: K;
  readonly since: string;
  readonly before: IstioVersion[K];
  readonly now: IstioVersion[K];
}

const RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

const DIFFERENCES: readonly Difference[] = [
  { field: 'retries', since: '1.24', before: { retryOn: RETRY_ON, retriableStatusCodes: [503] }, now: { retryOn: RETRY_ON } },
  { field: 'hasAbsoluteNames', since: '1.27', before: false, now: true },
  { field: 'keepsShadowHost', since: '1.28', before: false, now: true },
  { field: 'tracksRemaining', since: '1.23', before: true, now: false },
  { field: 'alwaysWeighsLocalities', since: '1.24', before: true, now: false },
];

/** What a version does; undefined for an unknown version. */
export function istioVersion(name: string = PINNED): IstioVersion | undefined {
  const version = numbers(name);
  if (!version || isBefore(version, numbers(OLDEST)!) || isBefore(numbers(PINNED)!, version)) return undefined;
  return Object.fromEntries(DIFFERENCES.map(({ field, since, before, now }) =>
    [field, isBefore(version, numbers(since)!) ? before : now])) as unknown as IstioVersion;
}

/** Whether a version is checked against Istio itself. The others follow its release notes. */
export function isChecked(name: string): boolean {
  return [OLDEST, PINNED].some(checked => numbers(name)?.join('.') === checked);
}

/** The known versions, in words. */
export const KNOWN_VERSIONS = `${OLDEST} to ${PINNED}`;

function numbers(name: string): readonly [major: number, minor: number] | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.\d+)?(?:-.*)?$/.exec(name);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function isBefore([major, minor]: readonly [number, number], other: readonly [number, number]): boolean {
  return major < other[0] || (major === other[0] && minor < other[1]);
}

/** Clusters with the differences of a version. */
export function asOlder(clusters: Cluster[], { tracksRemaining, alwaysWeighsLocalities }: IstioVersion): Cluster[] {
  if (!tracksRemaining && !alwaysWeighsLocalities) return clusters;
  return clusters.map(cluster => ({
    ...cluster,
    ...tracksRemaining && cluster.circuitBreakers && {
      circuitBreakers: { thresholds: cluster.circuitBreakers.thresholds?.map(limits => ({ ...limits, trackRemaining: true })) },
    },
    ...alwaysWeighsLocalities && cluster.commonLbConfig && {
      commonLbConfig: { localityWeightedLbConfig: {}, ...withoutPanic(cluster.commonLbConfig) },
    },
  }));
}

/** Older versions set the panic threshold only if it is above zero. */
function withoutPanic({ healthyPanicThreshold, ...rest }: CommonLbConfig): CommonLbConfig {
  return healthyPanicThreshold?.value === undefined ? rest : { healthyPanicThreshold, ...rest };
}
