import type { PolicyLevel } from './policy-plan';
import type { Entry } from './product';
import type { ServicePlan } from './service-plan';
import type { ClientTlsSettings } from '../traffic/client-tls-settings';
import { failsOver } from '../traffic/locality';
import { ejectionProblem } from '../traffic/outlier-detection';
import type { Problem } from '../traffic/problem';
import type { ServicePort } from '../traffic/service-port';

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

/** Objects that depend on others. */
const DEPENDENT = ['loadBalancer', 'proxyProtocol', 'retryBudget', 'tunnel'];

/** What Istio keeps for a host or subset alone: a port's entry switches it off at that port. */
const PORTLESS = ['proxyProtocol', 'retryBudget'] as const;

/** What a hash key stands in. */
const HASHED = ['loadBalancer'] as const;

/** What policies of several constructs come to at each cluster, and Istio would ignore or reject. */
export function policyErrors(plan: ServicePlan): string[] {
  if (plan.policies.isEmpty || !(plan.policies.isComposed || plan.policies.mentionsAny(DEPENDENT) || isReplicated(plan))) return [];
  const errors = plan.policies.clusters([...plan.subsets.keys()].sort(), plan.facts.ports.map(port => port.number)).flatMap(level => {
    const policy: ClusterPolicy = plan.policies.effective(level);
    const said = (object: string) => plan.policies.pathOf(level, object);
    const ofPort = level.port === undefined ? [] : portErrors(level, policy, said);
    return [...ofPort, ...clusterErrors(level, policy, said, plan.policies.paths), ...ejectionErrors(plan, level, policy)];
  });
  return [...new Set(errors)];
}

/** Whether it is known of some cluster how many endpoints it has. */
function isReplicated(plan: ServicePlan): boolean {
  if (plan.facts.replicas !== undefined) return true;
  for (const { replicas } of plan.subsets.values()) if (replicas !== undefined) return true;
  return false;
}

function portErrors(level: PolicyLevel, policy: ClusterPolicy, said: (object: string) => string): string[] {
  return PORTLESS.filter(object => policy[object]).map(object => `${said(object)}: ${object} would have no effect${describe(level)}, since Istio lets the policy of a port `
    + 'replace all others and keeps none there; state the policies of that port for the service or a subset');
}

function clusterErrors(level: PolicyLevel, policy: ClusterPolicy, said: (object: string) => string, paths: readonly string[]): string[] {
  const { connectionPool, loadBalancer, outlierDetection, proxyProtocol, retryBudget, tunnel } = policy;
  const errors: string[] = [];
  if ((failsOver(loadBalancer?.localityLbSetting) || failsOver(loadBalancer?.zoneAwareLbSetting)) && !outlierDetection) {
    errors.push(`${said('loadBalancer')}: the failover${describe(level)} needs outlier detection, without which no endpoint counts as failed; `
      + 'state a CircuitBreakerPolicy with outlierDetection for the same requests');
  }
  if (tunnel && proxyProtocol) {
    errors.push(`${said('tunnel')}: the tunnel${describe(level)} stands beside the proxyProtocol of ${said('proxyProtocol')}, of which Istio takes one; remove one`);
  }
  if (retryBudget && connectionPool?.http?.maxRetries !== undefined) {
    errors.push(`${said('retryBudget')}: retryBudget${describe(level)} stands beside connectionPool.maxRetries, which Envoy then ignores; remove one`);
  }
  if (connectionPool?.http?.useClientProtocol && connectionPool.http.h2UpgradePolicy === 'UPGRADE') {
    errors.push(`connectionPool.useClientProtocol is true beside h2UpgradePolicy UPGRADE${describe(level)}, which Istio rejects; keep one of them `
      + `(stated by ${paths.join(', ')})`);
  }
  return errors;
}

function describe({ subset, port }: PolicyLevel): string {
  const of = subset === undefined ? '' : ` of subset '${subset}'`;
  return port === undefined ? of || ' of the service' : `${of} at port ${port}`;
}

function ejectionErrors(plan: ServicePlan, level: PolicyLevel, { outlierDetection: outlier }: ClusterPolicy): string[] {
  const replicas = level.subset === undefined ? plan.facts.replicas : plan.subsets.get(level.subset)!.replicas;
  if (replicas === undefined || outlier?.maxEjectionPercent === undefined) return [];
  const problem = ejectionProblem(`outlierDetection.maxEjectionPercent${level.subset === undefined && level.port !== undefined ? ' of the service' : ''}${describe(level)}`, outlier.maxEjectionPercent, replicas);
  return problem === undefined ? [] : [`${problem} (stated by ${plan.policies.paths.join(', ')})`];
}

/** An entry's hash keys are combined by Envoy, whichever cluster is chosen: a split over clusters with keys of their own would obey none of them. */
export function hashErrors(plan: ServicePlan, entries: readonly Entry[]): string[] {
  if (!plan.policies.mentionsAny(HASHED)) return [];
  return entries.flatMap(({ name, shares }) => plan.httpPorts.flatMap(port => {
    const subsets = shares.filter(({ weight, target }) => weight > 0 && target.host === plan.facts.host).map(({ target }) => target.subset);
    if (!subsets.some(subset => keyAt(plan.policies.effective({ subset, port })) !== undefined)) return [];
    const keys = [...new Set(subsets.map(subset => hashKey(plan, { subset, port })).filter(key => key !== undefined))];
    return keys.length < 2 ? [] : [`the versions of route '${name}' are balanced by different keys, ${keys.join(' and ')}, and Envoy would hash every request by all of them; `
      + 'state one consistentHash for the service, or none for a version'];
  }));
}

/** The key that istiod puts on a route for a cluster: of the narrowest level that has one. */
function hashKey(plan: ServicePlan, { subset, port }: PolicyLevel): string | undefined {
  return [{ subset, port }, { subset }, { port }, {}].map(level => keyAt(plan.policies.effective(level))).find(key => key !== undefined);
}

function keyAt({ loadBalancer }: ClusterPolicy): string | undefined {
  if (!loadBalancer?.consistentHash) return undefined;
  const { ringHash, maglev, ...key } = loadBalancer.consistentHash;
  return JSON.stringify(key);
}

/** What is wrong with speaking TLS on these ports, if anything: where the caller encrypts already, and where no request names the server. */
export function tlsPortProblem(ports: readonly ServicePort[], tls: ClientTlsSettings): Problem {
  if (!tls.originates) return undefined;
  const numbers = (list: readonly ServicePort[]) => list.map(port => port.number).join(', ');
  const encrypted = ports.filter(port => port.protocol === 'HTTPS' || port.protocol === 'TLS');
  if (encrypted.length > 0) {
    const others = numbers(ports.filter(port => !encrypted.includes(port)));
    return `tls would be spoken on port ${numbers(encrypted)} too, where callers encrypt already, so that it would be TLS inside of TLS; `
      + (others === '' ? 'describe the port that callers use in clear text' : `state \`port\`, one of ${others}`);
  }
  const tcp = ports.filter(port => !port.isHttp);
  const { sni, insecureSkipVerify } = tls._options;
  return tcp.length === 0 || sni !== undefined || insecureSkipVerify ? undefined
    : `tls on port ${numbers(tcp)}, which is TCP, has no request to take the server's name from, so that neither SNI nor the certificate's name would be there; `
      + 'state sni and subjectAltNames';
}
