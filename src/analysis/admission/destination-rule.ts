import { fqdnProblem, isAddress, isDnsLabel, wildcardHostProblem } from './hosts';
import { checkLoadBalancer } from './load-balancer';
import {
  checkExportTo, checkSelector, durationProblem, labelsProblems, nonNegativeProblem, percentageProblem,
  portProblem,
} from './values';
import type { Verdict } from './verdict';
import { parseDuration } from '../../manifest/duration';
import type {
  ClientTLSSettings, ConnectionPoolSettings, DestinationRuleSpec, HTTPSettings, OutlierDetection, PortTrafficPolicy, TCPSettings,
  TrafficPolicy,
} from '../../manifest/istio-specs.generated';

const CONFIG_MAP = 'configmap://';
const HTTP_LIMITS = ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries',
  'maxConcurrentStreams'] as const;

function checkOutlierDetection(verdict: Verdict, outlier: OutlierDetection, path: string): void {
  for (const field of ['baseEjectionTime', 'interval'] as const) verdict.error(`${path}.${field}`, durationProblem(outlier[field]));
  for (const field of ['maxEjectionPercent', 'minHealthPercent'] as const) {
    verdict.error(`${path}.${field}`, percentageProblem(outlier[field]));
  }
  if (outlier.consecutiveErrors) {
    verdict.warn(`${path}.consecutiveErrors`, ['is deprecated', 'use consecutive5xxErrors or consecutiveGatewayErrors']);
  }
  if (!outlier.splitExternalLocalOriginErrors && (outlier.consecutiveLocalOriginFailures ?? 0) > 0) {
    verdict.error(`${path}.consecutiveLocalOriginFailures`,
      ['is set without splitExternalLocalOriginErrors', 'set splitExternalLocalOriginErrors: true']);
  }
}

function checkHttpPool(verdict: Verdict, http: HTTPSettings, path: string): void {
  const { idleTimeout, h2UpgradePolicy, useClientProtocol, http2KeepAlive } = http;
  for (const field of HTTP_LIMITS) verdict.error(`${path}.${field}`, nonNegativeProblem(http[field]));
  verdict.error(`${path}.idleTimeout`, durationProblem(idleTimeout));
  if (h2UpgradePolicy === 'UPGRADE' && useClientProtocol) {
    verdict.error(path, ['upgrades to HTTP/2 and keeps the protocol of the caller', 'set one of h2UpgradePolicy and useClientProtocol']);
  }
  if (http2KeepAlive === undefined) return;
  for (const field of ['interval', 'timeout'] as const) {
    const value = http2KeepAlive[field];
    verdict.error(`${path}.http2KeepAlive.${field}`,
      value === undefined ? ['is missing', 'set interval and timeout'] : durationProblem(value));
  }
}

const MILLISECOND = 1e6;

function checkTcpPool(verdict: Verdict, tcp: TCPSettings, path: string): void {
  verdict.error(`${path}.maxConnections`, nonNegativeProblem(tcp.maxConnections));
  for (const field of ['connectTimeout', 'maxConnectionDuration'] as const) verdict.error(`${path}.${field}`, durationProblem(tcp[field]));
  // 0 s turns it off.
  if (Math.abs(parseDuration(tcp.idleTimeout) ?? MILLISECOND) >= MILLISECOND) {
    verdict.error(`${path}.idleTimeout`, durationProblem(tcp.idleTimeout));
  }
  for (const field of ['time', 'interval'] as const) {
    verdict.error(`${path}.tcpKeepalive.${field}`, durationProblem(tcp.tcpKeepalive?.[field]));
  }
}

/** Checks the limits of connections, of a DestinationRule or a Sidecar. */
export function checkConnectionPool(verdict: Verdict, { http, tcp }: ConnectionPoolSettings, path: string): void {
  if (http === undefined && tcp === undefined) verdict.error(path, ['is empty', 'set http or tcp, or remove it']);
  if (http !== undefined) checkHttpPool(verdict, http, `${path}.http`);
  if (tcp !== undefined) checkTcpPool(verdict, tcp, `${path}.tcp`);
}

function checkTls(verdict: Verdict, tls: ClientTLSSettings, path: string, ownNamespace: string): void {
  const { mode = 'DISABLE', credentialName = '', clientCertificate = '', privateKey = '', caCertificates = '', caCrl = '' } = tls;
  const originates = mode === 'SIMPLE' || mode === 'MUTUAL';
  if (credentialName.startsWith(CONFIG_MAP)) {
    const [namespace, name = ''] = credentialName.slice(CONFIG_MAP.length).split('/');
    if (name === '' || namespace !== ownNamespace) {
      verdict.error(`${path}.credentialName`, [`is '${credentialName}'`,
        `write configmap://${ownNamespace}/<name>; it must be in the namespace of the object`]);
    }
  }
  if (tls.insecureSkipVerify && originates) {
    const needless = [
      ...caCertificates === '' ? [] : ['caCertificates'],
      ...tls.subjectAltNames === undefined ? [] : ['subjectAltNames'],
      ...mode === 'SIMPLE' && credentialName !== '' ? ['credentialName'] : [],
    ];
    if (needless.length > 0) verdict.error(path, [`skips verification and has ${needless.join(' and ')}`, 'remove one of them']);
  }
  if (originates && credentialName !== '') {
    if ([clientCertificate, caCertificates, privateKey, caCrl].some(file => file !== '')) {
      verdict.error(path, ['has credentialName beside files', 'keep one of them']);
    }
  } else if (mode === 'MUTUAL') {
    if (clientCertificate === '') verdict.error(path, ['is MUTUAL without clientCertificate', 'set it, or credentialName']);
    if (privateKey === '') verdict.error(path, ['is MUTUAL without privateKey', 'set it, or credentialName']);
  }
}

function checkPolicyFields(verdict: Verdict, policy: TrafficPolicy | PortTrafficPolicy, path: string, namespace: string): void {
  const { outlierDetection, connectionPool, loadBalancer, tls } = policy;
  if (outlierDetection !== undefined) checkOutlierDetection(verdict, outlierDetection, `${path}.outlierDetection`);
  if (connectionPool !== undefined) checkConnectionPool(verdict, connectionPool, `${path}.connectionPool`);
  if (loadBalancer !== undefined) checkLoadBalancer(verdict, loadBalancer, outlierDetection, `${path}.loadBalancer`);
  if (tls !== undefined) checkTls(verdict, tls, `${path}.tls`, namespace);
}

const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'] as const;
const POLICY_FIELDS = [...PORT_FIELDS, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'] as const;

function checkPortPolicies(verdict: Verdict, { portLevelSettings = [] }: TrafficPolicy, path: string, namespace: string): void {
  portLevelSettings.forEach((entry, i) => {
    const at = `${path}.portLevelSettings[${i}]`;
    if (entry.port === undefined) verdict.error(at, ['has no port', 'set port.number']);
    if (PORT_FIELDS.every(field => entry[field] === undefined)) verdict.error(at, ['sets nothing', `set one of ${PORT_FIELDS.join(', ')}`]);
    else checkPolicyFields(verdict, entry, at, namespace);
  });
}

function checkTunnel(verdict: Verdict, { tunnel }: TrafficPolicy, path: string): void {
  if (tunnel === undefined) return;
  const { protocol = '', targetHost = '', targetPort } = tunnel;
  if (!['', 'CONNECT', 'POST'].includes(protocol)) verdict.error(`${path}.tunnel.protocol`, [`is '${protocol}'`, 'use CONNECT or POST']);
  if (!isAddress(targetHost)) verdict.error(`${path}.tunnel.targetHost`, fqdnProblem(targetHost));
  verdict.error(`${path}.tunnel.targetPort`, portProblem(targetPort));
}

function checkTrafficPolicy(verdict: Verdict, policy: TrafficPolicy, path: string, namespace: string): void {
  if (POLICY_FIELDS.every(field => policy[field] === undefined)) {
    verdict.error(path, ['is empty', 'set a policy, or remove it']);
    return;
  }
  if (policy.tunnel !== undefined && policy.proxyProtocol !== undefined) {
    verdict.error(path, ['has tunnel and proxyProtocol', 'keep one of them']);
    return;
  }
  // Of ports and subsets istiod passes on the errors alone.
  const isQuiet = path !== 'spec.trafficPolicy';
  const before = verdict.judgements.length;
  checkPolicyFields(verdict, policy, path, namespace);
  const judged = verdict.judgements.length;
  checkPortPolicies(verdict, policy, path, namespace);
  verdict.dropWarnings(isQuiet ? before : judged);
  checkTunnel(verdict, policy, path);
}

/** Checks a DestinationRule. */
export function checkDestinationRule(verdict: Verdict, spec: DestinationRuleSpec, namespace: string): void {
  const { host = '', trafficPolicy: policy, subsets = [], workloadSelector } = spec;
  verdict.error('spec.host', wildcardHostProblem(host));
  if (policy !== undefined) checkTrafficPolicy(verdict, policy, 'spec.trafficPolicy', namespace);
  const names = new Set<string>();
  subsets.forEach(({ name = '', labels, trafficPolicy }, i) => {
    const path = `spec.subsets[${i}]`;
    if (names.has(name)) verdict.error(`${path}.name`, [`repeats '${name}'`, 'use each name once']);
    names.add(name);
    if (!isDnsLabel(name)) verdict.error(`${path}.name`, [`is '${name}', which is not a valid DNS label`, 'use letters, digits and \'-\'']);
    verdict.error(`${path}.labels`, ...labelsProblems(labels));
    if (trafficPolicy !== undefined) checkTrafficPolicy(verdict, trafficPolicy, `${path}.trafficPolicy`, namespace);
  });
  checkExportTo(verdict, spec, namespace, { selects: workloadSelector !== undefined });
  checkSelector(verdict, workloadSelector, 'spec.workloadSelector', 'matchLabels');
}
