import { fieldWords, inParentheses } from './field-words';
import type { LocalityPreference } from '../envoy/clusters/locality-load-balancer';
import type { CommonLbConfig, LoadBalancing, SlowStartConfig } from '../envoy/xds/cluster';

const POLICIES: { readonly [P in NonNullable<LoadBalancing['lbPolicy']>]: string } = {
  ROUND_ROBIN: 'round robin',
  LEAST_REQUEST: 'least request',
  RING_HASH: 'consistent hash on a ring',
  MAGLEV: 'consistent hash by Maglev',
  RANDOM: 'random',
  CLUSTER_PROVIDED: 'none',
};

/** What istiod sends if no DestinationRule sets a policy. */
export const USUAL_BALANCING: ReadonlySet<string> = new Set([POLICIES.LEAST_REQUEST, POLICIES.CLUSTER_PROVIDED]);

/** How a cluster selects an endpoint, in words. */
export function describeBalancing(
  { commonLbConfig, ...fields }: LoadBalancing & { readonly commonLbConfig?: CommonLbConfig }, preference?: LocalityPreference,
): string {
  const { lbPolicy = 'ROUND_ROBIN', roundRobinLbConfig, leastRequestLbConfig, ringHashLbConfig, maglevLbConfig, ...others } = fields;
  const { slowStartConfig: ofRobin, ...robin } = roundRobinLbConfig ?? {};
  const { slowStartConfig: ofRequests, ...requests } = leastRequestLbConfig ?? {};
  return [
    POLICIES[lbPolicy] ?? lbPolicy,
    ...[ofRobin, ofRequests].flatMap(config => (config ? [slowStartWords(config)] : [])),
    ...(lbPolicy === 'CLUSTER_PROVIDED' ? [] : panicWords(commonLbConfig)),
    commonWords(commonLbConfig),
    ...(preference === undefined || (commonLbConfig?.zoneAwareLbConfig && isOwnFirst(preference)) ? [] : [preferenceWords(preference)]),
    fieldWords({ ...robin, ...requests, ...ringHashLbConfig, ...maglevLbConfig, ...others }),
  ].filter(text => text !== '').join(', ');
}

/** istiod disables the panic threshold, below which Envoy would also use unhealthy endpoints. */
function panicWords({ healthyPanicThreshold }: CommonLbConfig = {}): string[] {
  const threshold = healthyPanicThreshold === undefined ? 50 : healthyPanicThreshold.value ?? 0;
  return threshold === 0 ? [] : [`unhealthy endpoints too when fewer than ${threshold} % are healthy`];
}

function commonWords({ healthyPanicThreshold: _, localityWeightedLbConfig, zoneAwareLbConfig, ...others }: CommonLbConfig = {}): string {
  const { overrideHostStatus, ...rest } = others;
  return [
    ...(localityWeightedLbConfig ? ['by the weights of localities'] : []),
    ...(zoneAwareLbConfig ? [`the caller's zone first${inParentheses(fieldWords(zoneAwareLbConfig))}`] : []),
    ...(overrideHostStatus ? [`the endpoint of the session while it is ${overrideHostStatus.statuses.join(', ').toLowerCase()}`] : []),
    fieldWords(rest),
  ].filter(text => text !== '').join(', ');
}

/** Whether the only preference is that of the caller's own locality. */
export function isOwnFirst(preference: LocalityPreference | undefined): boolean {
  return preference !== undefined && Object.keys(preference).length === 0;
}

function preferenceWords({ distribute = [], failover = [], failoverPriority = [] }: LocalityPreference): string {
  const weights = (to: { readonly [locality: string]: number } = {}) =>
    Object.entries(to).map(([locality, weight]) => `${weight} % to ${locality}`).sort().join(' and ');
  if (distribute.length > 0) return distribute.map(({ from, to }) => `from ${from} ${weights(to)}`).join(', ');
  return [
    failoverPriority.length > 0 ? `endpoints with the caller's ${failoverPriority.join(', ')} first` : 'the caller\'s locality first',
    ...failover.map(({ from, to }) => `failover from ${from} to ${to}`),
  ].join(', ');
}

function slowStartWords({ slowStartWindow, minWeightPercent, aggression, ...others }: SlowStartConfig): string {
  const { defaultValue = 1, ...runtime } = aggression ?? {};
  const rest = fieldWords({ ...others, ...('runtimeKey' in runtime && runtime.runtimeKey === '(' ? {} : runtime) });
  return [
    `new endpoints warm up for ${slowStartWindow ?? '0s'} from ${minWeightPercent?.value ?? 10} %`,
    ...(defaultValue === 1 ? [] : [`with aggression ${defaultValue}`]),
    ...(rest === '' ? [] : [rest]),
  ].join(' ');
}
