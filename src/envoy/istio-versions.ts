import { PINS } from './pins';
import type { RetryDefaults } from './routes/retry-policy';
import type { Cluster, CommonLbConfig } from './xds/cluster';

/** The version that the goldens are made with. */
export const PINNED: string = PINS.istio;
/** The oldest version that is known. */
const OLDEST = '1.17';

/** What Istio's versions send in different ways. */
export interface IstioVersion {
  readonly retries: RetryDefaults;
  /** Whether a service's virtual host also takes its name with the dot of an absolute DNS name. */
  readonly hasAbsoluteNames: boolean;
  /** Whether a mirrored request keeps its Host, instead of getting `-shadow` behind it. */
  readonly keepsShadowHost: boolean;
  /** Whether circuit breakers publish what remains of them. */
  readonly tracksRemaining: boolean;
  /** Whether locality weights are switched on where no locality is weighted. */
  readonly alwaysWeighsLocalities: boolean;
}

/** A difference, with the first version that has it. */
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

/** What a version does; undefined for one that is not known. */
export function istioVersion(name: string = PINNED): IstioVersion | undefined {
  const version = numbers(name);
  if (!version || isBefore(version, numbers(OLDEST)!) || isBefore(numbers(PINNED)!, version)) return undefined;
  return Object.fromEntries(DIFFERENCES.map(({ field, since, before, now }) =>
    [field, isBefore(version, numbers(since)!) ? before : now])) as unknown as IstioVersion;
}

/** Whether what is known of a version is checked against Istio itself, not only told by its release notes. */
export function isChecked(name: string): boolean {
  return [OLDEST, PINNED].some(checked => numbers(name)?.join('.') === checked);
}

/** The versions that are known, in words. */
export const KNOWN_VERSIONS = `${OLDEST} to ${PINNED}`;

function numbers(name: string): readonly [major: number, minor: number] | undefined {
  const found = /^v?(\d+)\.(\d+)(?:\.\d+)?(?:-.*)?$/.exec(name);
  return found ? [Number(found[1]), Number(found[2])] : undefined;
}

function isBefore([major, minor]: readonly [number, number], other: readonly [number, number]): boolean {
  return major < other[0] || (major === other[0] && minor < other[1]);
}

/** Clusters as a version sends them. */
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

/** Older versions state the panic threshold only where it is not zero. */
function withoutPanic({ healthyPanicThreshold, ...rest }: CommonLbConfig): CommonLbConfig {
  return healthyPanicThreshold?.value === undefined ? rest : { healthyPanicThreshold, ...rest };
}
