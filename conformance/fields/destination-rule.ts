import type { Claims } from './claim';
import { props, reasons } from './claim';
import { PINS } from '../../src/envoy/pins';

/** Settings that Istio supports for a port, the host and a subset. */
function everywhere(place: string, beside: readonly string[]): Claims {
  const breaker = (object: string, fields: { readonly [leaf: string]: string }) =>
    props(`${place}.${object}`, `CircuitBreakerPolicy.${object.split('.')[0]}`, fields, beside);
  const balancer = (object: string, fields: { readonly [leaf: string]: string }) =>
    props(`${place}.loadBalancer${object}`, 'LoadBalancerPolicy', fields, beside);
  return {
    ...breaker('connectionPool.tcp', {
      'connectTimeout': 'connectTimeout',
      'idleTimeout': 'tcpIdleTimeout',
      'maxConnectionDuration': 'maxConnectionDuration',
      'maxConnections': 'maxConnections',
      'tcpKeepalive.interval': 'tcpKeepalive.interval',
      'tcpKeepalive.probes': 'tcpKeepalive.probes',
      'tcpKeepalive.time': 'tcpKeepalive.time',
    }),
    ...breaker('connectionPool.http', {
      'h2UpgradePolicy': 'h2UpgradePolicy',
      'http1MaxPendingRequests': 'http1MaxPendingRequests',
      'http2KeepAlive.interval': 'http2KeepAlive.interval',
      'http2KeepAlive.timeout': 'http2KeepAlive.timeout',
      'http2MaxRequests': 'http2MaxRequests',
      'idleTimeout': 'idleTimeout',
      'maxConcurrentStreams': 'maxConcurrentStreams',
      'maxRequestsPerConnection': 'maxRequestsPerConnection',
      'maxRetries': 'maxRetries',
      'useClientProtocol': 'useClientProtocol',
    }),
    ...breaker('outlierDetection', {
      baseEjectionTime: 'baseEjectionTime',
      consecutive5xxErrors: 'consecutive5xxErrors',
      consecutiveGatewayErrors: 'consecutiveGatewayErrors',
      consecutiveLocalOriginFailures: 'consecutiveLocalOriginFailures',
      interval: 'interval',
      maxEjectionPercent: 'maxEjectionPercent',
      minHealthPercent: 'minHealthPercent',
      splitExternalLocalOriginErrors: 'splitExternalLocalOriginErrors',
    }),
    ...reasons(
      `${place}.outlierDetection`,
      ['consecutiveErrors'],
      'replaced by consecutiveGatewayErrors and consecutive5xxErrors; istiod ignores it',
      'deprecated',
    ),
    ...reasons(`${place}.outlierDetection`, ['outlierDetectionHttpErrorCodes[]'], `istiod ${PINS.istio} ignores it`, 'ignored'),
    ...balancer('', {
      'simple': 'algorithm',
      'warmup.aggression': 'warmup.aggression',
      'warmup.duration': 'warmup.duration',
      'warmup.minimumPercent': 'warmup.minimumPercent',
    }),
    ...reasons(`${place}.loadBalancer`, ['warmupDurationSecs'], 'replaced by warmup.duration', 'deprecated'),
    ...balancer('.consistentHash', {
      'httpCookie.attributes[].name': 'consistentHash.cookie.attributes',
      'httpCookie.attributes[].value': 'consistentHash.cookie.attributes',
      'httpCookie.name': 'consistentHash.cookie',
      'httpCookie.path': 'consistentHash.cookie.path',
      'httpCookie.ttl': 'consistentHash.cookie.ttl',
      'httpHeaderName': 'consistentHash.header',
      'httpQueryParameterName': 'consistentHash.queryParameter',
      'maglev.tableSize': 'consistentHash.header.table.maglev.tableSize',
      'ringHash.minimumRingSize': 'consistentHash.header.table.ringHash.minimumRingSize',
      'useSourceIp': 'consistentHash.sourceIp',
    }),
    ...reasons(`${place}.loadBalancer.consistentHash`, ['minimumRingSize'], 'replaced by ringHash.minimumRingSize', 'deprecated'),
    ...balancer('.localityLbSetting', {
      'distribute[].from': 'locality.distribute.from',
      'distribute[].to{}': 'locality.distribute.to',
      'enabled': 'locality.enabled',
      'failover[].from': 'locality.failover.from',
      'failover[].to': 'locality.failover.to',
      'failoverPriority[]': 'locality.failoverPriority',
    }),
    ...balancer('.zoneAwareLbSetting', {
      'enabled': 'zoneAware.enabled',
      'failover[].from': 'zoneAware.failover.from',
      'failover[].to': 'zoneAware.failover.to',
      'failoverPriority[]': 'zoneAware.failoverPriority',
      'minClusterSize': 'zoneAware.minClusterSize',
    }),
    ...props(`${place}.tls`, 'ClientTls.tls', {
      'caCertificates': 'simple.caCertificates',
      'caCrl': 'simple.caCrl',
      'clientCertificate': 'mutual.clientCertificate',
      'credentialName': 'simple.credentialName',
      'insecureSkipVerify': 'simple.insecureSkipVerify',
      'mode': 'simple',
      'privateKey': 'mutual.privateKey',
      'sni': 'simple.sni',
      'subjectAltNames[]': 'simple.subjectAltNames',
    }, beside),
  };
}

/** Settings that Istio supports only for the host and a subset. */
function portless(place: string, beside: readonly string[]): Claims {
  return {
    ...props(`${place}.retryBudget`, 'CircuitBreakerPolicy.retryBudget', {
      budgetInterval: 'budgetInterval', minRetryConcurrency: 'minRetryConcurrency', percent: 'percent',
    }, beside),
    ...props(`${place}.proxyProtocol`, 'ProxyProtocol', { version: 'version' }, beside),
    ...props(`${place}.tunnel`, 'Tunnel', { protocol: 'protocol', targetHost: 'targetHost', targetPort: 'targetPort' }, beside),
    ...props(`${place}.portLevelSettings[].port`, 'CircuitBreakerPolicy', { number: 'port' }, beside),
  };
}

export const destinationRule: Claims = {
  ...props('', 'MeshService', {
    'exportTo[]': 'exportTo',
    'host': 'name',
    'subsets[].name': 'addSubset',
    'subsets[].labels{}': 'addSubset.labels',
  }),
  ...reasons(
    '',
    ['workloadSelector.matchLabels{}'],
    'a rule with a selector hides the other rule of the host, including its subsets, from the selected callers, so nothing composes with it',
  ),
  ...everywhere('trafficPolicy', []),
  ...everywhere('trafficPolicy.portLevelSettings[]', ['port']),
  ...everywhere('subsets[].trafficPolicy', ['subset']),
  ...everywhere('subsets[].trafficPolicy.portLevelSettings[]', ['subset', 'port']),
  ...portless('trafficPolicy', []),
  ...portless('subsets[].trafficPolicy', ['subset']),
};
