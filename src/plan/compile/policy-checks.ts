import type { EffectivePolicies } from './policies';
import { failsOver } from '../../traffic/locality';
import { ejectionProblem } from '../../traffic/outlier-detection';
import type { Entry } from '../model/compiled-service';
import type { PolicyLevel } from '../model/policy';
import { levelSuffix } from '../model/policy';
import type { ServiceModel } from '../model/service-model';

/** Policies of a cluster that depend on each other. */
interface ClusterPolicy {
  readonly connectionPool?: {
    readonly http?: { readonly maxRetries?: number; readonly useClientProtocol?: boolean; readonly h2UpgradePolicy?: string };
  };
  readonly loadBalancer?: {
    readonly consistentHash?: { readonly [field: string]: unknown };
    readonly localityLbSetting?: object;
    readonly zoneAwareLbSetting?: object;
  };
  readonly outlierDetection?: { readonly maxEjectionPercent?: number };
  readonly proxyProtocol?: object;
  readonly retryBudget?: object;
  readonly tunnel?: object;
}

/** Objects that depend on other objects. */
const DEPENDENT = ['loadBalancer', 'proxyProtocol', 'retryBudget', 'tunnel'];

/** Objects that Istio supports only for a host or subset. The settings of a port disable them at that port. */
const PORTLESS = ['proxyProtocol', 'retryBudget'] as const;

/** The fields of a hash key. */
const HASHED = ['loadBalancer'] as const;

/** The combinations of policies at each cluster that Istio would ignore or reject. */
export function policyErrors(service: ServiceModel, policies: EffectivePolicies): string[] {
  if (policies.isEmpty || !(policies.isComposed || policies.mentionsAny(DEPENDENT) || isReplicated(service))) return [];
  const errors = policies.clusters([...service.subsets.keys()].sort(), service.facts.ports.map(port => port.number)).flatMap(level => {
    const policy: ClusterPolicy = policies.effective(level);
    const said = (object: string) => policies.pathOf(level, object);
    const ofPort = level.port === undefined ? [] : portErrors(level, policy, said, policies.pathsOfPort(level));
    return [...ofPort, ...clusterErrors(level, policy, said, policies.paths), ...ejectionErrors(service, policies, level, policy)];
  });
  return [...new Set(errors)];
}

/** Whether the number of endpoints of any cluster is known. */
function isReplicated(service: ServiceModel): boolean {
  if (service.facts.replicas !== undefined) return true;
  for (const { replicas } of service.subsets.values()) if (replicas !== undefined) return true;
  return false;
}

function portErrors(
  level: PolicyLevel, policy: ClusterPolicy, said: (object: string) => string, paths: readonly string[],
): string[] {
  return PORTLESS.filter(object => policy[object]).map(object => `${said(object)}: ${object} would have no effect${levelName(level)}, `
    + `because in Istio the policy of a port, here of ${paths.join(' and ')}, replaces all others and cannot contain it; `
    + 'set the policies of that port for the service or a subset');
}

function clusterErrors(level: PolicyLevel, policy: ClusterPolicy, said: (object: string) => string, paths: readonly string[]): string[] {
  const { connectionPool, loadBalancer, outlierDetection, proxyProtocol, retryBudget, tunnel } = policy;
  const errors: string[] = [];
  if ((failsOver(loadBalancer?.localityLbSetting) || failsOver(loadBalancer?.zoneAwareLbSetting)) && !outlierDetection) {
    errors.push(`${said('loadBalancer')}: the failover${levelName(level)} requires outlier detection, which detects failed endpoints; `
      + 'add a CircuitBreakerPolicy with outlierDetection for the same requests');
  }
  if (tunnel && proxyProtocol) {
    errors.push(`${said('tunnel')}: the tunnel${levelName(level)} cannot be combined with the proxyProtocol of ${said('proxyProtocol')}, `
      + 'because Istio accepts only one; remove one of them');
  }
  if (retryBudget && connectionPool?.http?.maxRetries !== undefined) {
    errors.push(`${said('retryBudget')}: retryBudget${levelName(level)} makes Envoy ignore the connectionPool.maxRetries of `
      + `${said('connectionPool.http.maxRetries')}; remove one of them, or a default by \`without\` of a TrafficDefaults for the namespace`);
  }
  if (connectionPool?.http?.useClientProtocol && connectionPool.http.h2UpgradePolicy === 'UPGRADE') {
    errors.push(`connectionPool.useClientProtocol is true together with h2UpgradePolicy UPGRADE${levelName(level)}, which Istio rejects; `
      + 'keep one of them '
      + `(set by ${paths.join(', ')})`);
  }
  return errors;
}

/** The name of a level after its setting in messages. */
function levelName(level: PolicyLevel): string {
  return levelSuffix(level) || ' of the service';
}

function ejectionErrors(
  service: ServiceModel, policies: EffectivePolicies, level: PolicyLevel, { outlierDetection: outlier }: ClusterPolicy,
): string[] {
  const replicas = level.subset === undefined ? service.facts.replicas : service.subsets.get(level.subset)!.replicas;
  if (replicas === undefined || outlier?.maxEjectionPercent === undefined) return [];
  const of = `${level.subset === undefined && level.port !== undefined ? ' of the service' : ''}${levelName(level)}`;
  const problem = ejectionProblem(`outlierDetection.maxEjectionPercent${of}`, outlier.maxEjectionPercent, replicas);
  return problem === undefined ? [] : [`${problem} (set by ${policies.paths.join(', ')})`];
}

/**
 * Envoy combines all hash keys of an entry, whichever cluster it picks. A split over clusters with different keys would follow none of
 * them.
 */
export function hashErrors(service: ServiceModel, policies: EffectivePolicies, entries: readonly Entry[]): string[] {
  if (!policies.mentionsAny(HASHED)) return [];
  return entries.flatMap(({ name, shares }) => service.httpPorts.flatMap(port => {
    const subsets = shares.filter(({ weight, target }) => weight > 0 && target.host === service.facts.host)
      .map(({ target }) => target.subset);
    if (!subsets.some(subset => keyAt(policies.effective({ subset, port })) !== undefined)) return [];
    const keys = [...new Set(subsets.map(subset => hashKey(policies, { subset, port })).filter(key => key !== undefined))];
    return keys.length < 2 ? [] : [`the versions of route '${name}' have different hash keys, ${keys.join(' and ')}, `
      + 'and Envoy would hash every request by all of them; '
      + 'set one consistentHash for the service, or none for a version'];
  }));
}

/** The hash key of a route to a cluster: that of the narrowest level that has one. */
function hashKey(policies: EffectivePolicies, { subset, port }: PolicyLevel): string | undefined {
  return [{ subset, port }, { subset }, { port }, {}].map(level => keyAt(policies.effective(level))).find(key => key !== undefined);
}

function keyAt({ loadBalancer }: ClusterPolicy): string | undefined {
  if (!loadBalancer?.consistentHash) return undefined;
  const { ringHash, maglev, ...key } = loadBalancer.consistentHash;
  return JSON.stringify(key);
}
