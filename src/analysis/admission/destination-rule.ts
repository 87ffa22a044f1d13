import { fqdnProblem, isAddress, isDnsLabel, wildcardHostProblem } from './hosts';
import { checkLoadBalancer } from './load-balancer';
import { checkExportTo, checkSelector, durationProblem, labelsProblems, nonNegativeProblem, percentProblem, portProblem } from './values';
import type { Verdict } from './verdict';
import { parseDuration } from '../../manifest/duration';
import type { Fields } from '../fields';
import { items } from '../fields';

const CONFIG_MAP = 'configmap://';
const HTTP_LIMITS = ['http1MaxPendingRequests', 'http2MaxRequests', 'maxRequestsPerConnection', 'maxRetries', 'maxConcurrentStreams'];

function checkOutlierDetection(verdict: Verdict, outlier: Fields, path: string): void {
  for (const field of ['baseEjectionTime', 'interval']) verdict.error(`${path}.${field}`, durationProblem(outlier[field]));
  for (const field of ['maxEjectionPercent', 'minHealthPercent']) verdict.error(`${path}.${field}`, percentProblem(outlier[field]));
  if (outlier.consecutiveErrors) verdict.warn(`${path}.consecutiveErrors`, ['is an old field', 'use consecutive5xxErrors or consecutiveGatewayErrors']);
  if (!outlier.splitExternalLocalOriginErrors && outlier.consecutiveLocalOriginFailures > 0) {
    verdict.error(`${path}.consecutiveLocalOriginFailures`, ['is stated without splitExternalLocalOriginErrors', 'set splitExternalLocalOriginErrors: true']);
  }
}

/** What admission has against the limits of connections, of a DestinationRule or a Sidecar. */
export function checkConnectionPool(verdict: Verdict, pool: Fields, path: string): void {
  const { http, tcp } = pool;
  if (http === undefined && tcp === undefined) verdict.error(path, ['is empty', 'state http or tcp, or leave it out']);
  if (http !== undefined) {
    for (const field of HTTP_LIMITS) verdict.error(`${path}.http.${field}`, nonNegativeProblem(http[field]));
    verdict.error(`${path}.http.idleTimeout`, durationProblem(http.idleTimeout));
    if (http.h2UpgradePolicy === 'UPGRADE' && http.useClientProtocol) verdict.error(`${path}.http`, ['upgrades to HTTP/2 and keeps the protocol of the client', 'state one of h2UpgradePolicy and useClientProtocol']);
    if (http.http2KeepAlive !== undefined) {
      for (const field of ['interval', 'timeout']) {
        const value = http.http2KeepAlive[field];
        verdict.error(`${path}.http.http2KeepAlive.${field}`, value === undefined ? ['is missing', 'state interval and timeout'] : durationProblem(value));
      }
    }
  }
  if (tcp === undefined) return;
  verdict.error(`${path}.tcp.maxConnections`, nonNegativeProblem(tcp.maxConnections));
  for (const field of ['connectTimeout', 'maxConnectionDuration']) verdict.error(`${path}.tcp.${field}`, durationProblem(tcp[field]));
  // 0 s switches it off.
  if (Math.abs(parseDuration(tcp.idleTimeout) ?? 1e6) >= 1e6) verdict.error(`${path}.tcp.idleTimeout`, durationProblem(tcp.idleTimeout));
  for (const field of ['time', 'interval']) verdict.error(`${path}.tcp.tcpKeepalive.${field}`, durationProblem(tcp.tcpKeepalive?.[field]));
}

function checkTls(verdict: Verdict, tls: Fields, path: string, ownNamespace: string): void {
  const { mode = 'DISABLE', credentialName = '', clientCertificate = '', privateKey = '', caCertificates = '', caCrl = '' } = tls;
  if (credentialName.startsWith(CONFIG_MAP)) {
    const [namespace, name = ''] = credentialName.slice(CONFIG_MAP.length).split('/');
    if (name === '' || namespace !== ownNamespace) verdict.error(`${path}.credentialName`, [`is '${credentialName}'`, `write configmap://${ownNamespace}/<name>; it has to be in the namespace of the object`]);
  }
  if (tls.insecureSkipVerify) {
    const stated = [caCertificates !== '' && 'caCertificates', tls.subjectAltNames !== undefined && 'subjectAltNames', mode === 'SIMPLE' && credentialName !== '' && 'credentialName']
      .filter(field => field !== false);
    if ((mode === 'SIMPLE' || mode === 'MUTUAL') && stated.length > 0) verdict.error(path, [`skips verification and states ${stated.join(' and ')}`, 'leave one of them out']);
  }
  if ((mode === 'SIMPLE' || mode === 'MUTUAL') && credentialName !== '') {
    if ([clientCertificate, caCertificates, privateKey, caCrl].some(file => file !== '')) verdict.error(path, ['states credentialName beside files', 'state one of them']);
  } else if (mode === 'MUTUAL') {
    if (clientCertificate === '') verdict.error(path, ['is MUTUAL without clientCertificate', 'state it, or credentialName']);
    if (privateKey === '') verdict.error(path, ['is MUTUAL without privateKey', 'state it, or credentialName']);
  }
}

function checkPolicyFields(verdict: Verdict, policy: Fields, path: string, namespace: string): void {
  const { outlierDetection, connectionPool, loadBalancer, tls } = policy;
  if (outlierDetection !== undefined) checkOutlierDetection(verdict, outlierDetection, `${path}.outlierDetection`);
  if (connectionPool !== undefined) checkConnectionPool(verdict, connectionPool, `${path}.connectionPool`);
  if (loadBalancer !== undefined) checkLoadBalancer(verdict, loadBalancer, outlierDetection, `${path}.loadBalancer`);
  if (tls !== undefined) checkTls(verdict, tls, `${path}.tls`, namespace);
}

const PORT_FIELDS = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const POLICY_FIELDS = [...PORT_FIELDS, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

function checkTrafficPolicy(verdict: Verdict, policy: Fields, path: string, namespace: string): void {
  if (POLICY_FIELDS.every(field => policy[field] === undefined)) {
    verdict.error(path, ['is empty', 'state a policy, or leave it out']);
    return;
  }
  const { portLevelSettings, tunnel, proxyProtocol } = policy;
  if (tunnel !== undefined && proxyProtocol !== undefined) {
    verdict.error(path, ['states tunnel and proxyProtocol', 'state one of them']);
    return;
  }
  // Of ports and subsets istiod passes on the errors alone.
  const quiet = path !== 'spec.trafficPolicy';
  const before = verdict.judgements.length;
  checkPolicyFields(verdict, policy, path, namespace);
  const judged = verdict.judgements.length;
  items(portLevelSettings).forEach((port, i) => {
    const at = `${path}.portLevelSettings[${i}]`;
    if (port.port === undefined) verdict.error(at, ['names no port', 'state port.number']);
    if (PORT_FIELDS.every(field => port[field] === undefined)) verdict.error(at, ['sets nothing', `state one of ${PORT_FIELDS.join(', ')}`]);
    else checkPolicyFields(verdict, port, at, namespace);
  });
  const silenced = verdict.judgements.slice(quiet ? before : judged).filter(({ severity }) => severity === 'error');
  verdict.judgements.splice(quiet ? before : judged, Infinity, ...silenced);
  if (tunnel !== undefined) {
    const { protocol = '', targetHost = '', targetPort } = tunnel;
    if (!['', 'CONNECT', 'POST'].includes(protocol)) verdict.error(`${path}.tunnel.protocol`, [`is '${protocol}'`, 'use CONNECT or POST']);
    if (!isAddress(targetHost)) verdict.error(`${path}.tunnel.targetHost`, fqdnProblem(targetHost));
    verdict.error(`${path}.tunnel.targetPort`, portProblem(targetPort));
  }
}

/** What admission has against a DestinationRule. */
export function checkDestinationRule(verdict: Verdict, spec: Fields, namespace: string): void {
  verdict.error('spec.host', wildcardHostProblem(spec.host ?? ''));
  if (spec.trafficPolicy !== undefined) checkTrafficPolicy(verdict, spec.trafficPolicy, 'spec.trafficPolicy', namespace);
  const names = new Set<string>();
  items(spec.subsets).forEach(({ name = '', labels, trafficPolicy }, i) => {
    const path = `spec.subsets[${i}]`;
    if (names.has(name)) verdict.error(`${path}.name`, [`is '${name}' again`, 'name each subset once']);
    names.add(name);
    if (!isDnsLabel(name)) verdict.error(`${path}.name`, [`is '${name}', which is no DNS label`, 'use letters, digits and \'-\'']);
    verdict.error(`${path}.labels`, ...labelsProblems(labels));
    if (trafficPolicy !== undefined) checkTrafficPolicy(verdict, trafficPolicy, `${path}.trafficPolicy`, namespace);
  });
  checkExportTo(verdict, spec, namespace, 'other', spec.workloadSelector !== undefined);
  checkSelector(verdict, spec.workloadSelector, 'spec.workloadSelector', 'matchLabels');
}
