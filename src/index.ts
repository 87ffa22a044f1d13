// Values
export { StringMatch } from './traffic/string-match';
export type { HttpMatch } from './traffic/http-match';
export { ServicePort } from './traffic/service-port';
export type { ServicePortOptions } from './traffic/service-port';
export { H2UpgradePolicy } from './traffic/connection-pool';
export type { ConnectionPool, Http2Keepalive, TcpKeepalive } from './traffic/connection-pool';
export type { RetryBudget } from './traffic/retry-budget';
export { LoadBalancerAlgorithm } from './traffic/load-balancer';
export type { LoadBalancing, Warmup } from './traffic/load-balancer';
export { DefaultPart } from './traffic/default-part';
export { WorkloadMode } from './traffic/access-logs';
export type { AccessLogs } from './traffic/access-logs';
export { ConsistentHash, HashTable } from './traffic/consistent-hash';
export type { ConsistentHashOptions, CookieHashOptions, MaglevOptions, RingHashOptions } from './traffic/consistent-hash';
export type { LocalityDistribution, LocalityFailover, LocalityLoadBalancing, ZoneAwareLoadBalancing } from './traffic/locality';
export { ClientTlsSettings } from './traffic/client-tls-settings';
export type { MutualTlsOptions, ServerNameOptions, SimpleTlsOptions } from './traffic/client-tls-settings';
export type { OutlierDetection } from './traffic/outlier-detection';
export type { Retries } from './traffic/retry';
export type { RegexRewrite, Rewrite } from './traffic/rewrite';
export { RedirectPort } from './traffic/redirect';
export type { Redirect } from './traffic/redirect';
export type { DirectResponse } from './traffic/direct-response';
export type { HeaderChanges, HeaderOperations } from './traffic/header-operations';
export { UnmatchedPreflights } from './traffic/cors-policy';
export type { CorsPolicy } from './traffic/cors-policy';
export type { FaultAbort, FaultDelay } from './traffic/fault';
export { Listener, TlsVersion } from './traffic/listener';
export type { TcpMatch } from './traffic/tcp-match';
export type { TlsMatch } from './traffic/tls-match';
export type { HttpListenerOptions, HttpsListenerOptions, ListenerOptions } from './traffic/listener';
export { Location, Resolution } from './traffic/service-entry';
export type { Endpoint } from './traffic/service-entry';
export { OutboundTrafficMode } from './traffic/outbound-traffic-mode';
export { MutualTlsMode } from './traffic/mutual-tls-mode';

// Services and who calls them
export type { IOwnedService, ITrafficService, ITrafficTarget } from './constructs/traffic-target';
export { MeshService, Subset } from './constructs/mesh-service';
export type { AudienceOptions, SubsetOptions } from './constructs/mesh-service';
export type { HostObjectsOptions } from './constructs/host-objects-options';
export type { FromServiceOptions, MeshServiceProps } from './constructs/mesh-service-props';
export type { ServiceReference } from './constructs/referenced-service';
export type { ExposeOptions } from './constructs/exposure';
export { ExternalDependency } from './constructs/external-dependency';
export type { ExternalDependencyProps, OriginateTlsOptions } from './constructs/external-dependency';
export { EgressGateway } from './constructs/egress-gateway';
export type { EgressGatewayProps } from './constructs/egress-gateway';
export { Audience } from './constructs/audience';
export type { GatewayReference, IIngressGateway } from './constructs/gateway-reference';
export { IngressGateway } from './constructs/ingress-gateway';
export type { IngressGatewayProps } from './constructs/ingress-gateway';
export { PublicHost } from './constructs/public-host';
export type { PublicHostProps } from './constructs/public-host';
export type { IPublicHost } from './constructs/public-host-reference';
export { Delegation } from './constructs/delegation';
export type { DelegationProps } from './constructs/delegation';
export { DelegatedHost } from './constructs/delegated-host';
export type { DelegatedHostProps } from './constructs/delegated-host';

// Routes, and which version serves whom
export type { ITrafficRoute } from './constructs/route-reference';
export { TrafficRoute } from './constructs/traffic-route';
export type { TrafficRouteProps, WeightedTarget } from './constructs/traffic-route';
export type { ConnectionRouteOptions, ConnectionTarget } from './constructs/connection-route';
export { TcpRoute } from './constructs/tcp-route';
export type { TcpRouteProps } from './constructs/tcp-route';
export { TlsRoute } from './constructs/tls-route';
export type { TlsRouteProps } from './constructs/tls-route';
export { DarkLaunch } from './constructs/dark-launch';
export type { DarkLaunchProps } from './constructs/dark-launch';
export { CanaryRelease } from './constructs/canary-release';
export type { CanaryReleaseProps, StickyCookie } from './constructs/canary-release';

// Defaults that statements replace
export { TrafficDefaults } from './constructs/traffic-defaults';
export type { TrafficDefaultsProps } from './constructs/traffic-defaults';

// What is done to requests
export type { CellOptions } from './constructs/cells';
export type { ConditionedCellOptions } from './constructs/conditions';
export { MirroredService } from './constructs/mirrored-service';
export type { MirroredServiceProps } from './constructs/mirrored-service';
export { RequestPolicy } from './constructs/request-policy';
export type { RequestPolicyProps } from './constructs/request-policy';
export { FaultInjection } from './constructs/fault-injection';
export type { FaultInjectionProps } from './constructs/fault-injection';
export { CircuitBreakerPolicy } from './constructs/circuit-breaker-policy';
export type { CircuitBreakerPolicyProps } from './constructs/circuit-breaker-policy';
export type { PolicyOptions } from './constructs/policy-options';
export { LoadBalancerPolicy } from './constructs/load-balancer-policy';
export type { LoadBalancerPolicyProps } from './constructs/load-balancer-policy';
export { ClientTls } from './constructs/client-tls';
export type { ClientTlsProps } from './constructs/client-tls';
export { ProxyProtocol, ProxyProtocolVersion } from './constructs/proxy-protocol';
export type { ProxyProtocolProps } from './constructs/proxy-protocol';
export { Tunnel, TunnelProtocol } from './constructs/tunnel';
export type { TunnelProps } from './constructs/tunnel';

// Who may call
export { Caller } from './constructs/caller';
export { AccessAction } from './constructs/access-action';
export { AccessCondition } from './constructs/access-condition';
export type { AccessExceptions, AccessStatementProps } from './constructs/access-statement';
export { TokenAuthentication } from './constructs/token-authentication';
export type { TokenAuthenticationProps, TokenHeader } from './constructs/token-authentication';
export { WorkloadAccess } from './constructs/workload-access';
export type { WorkloadAccessProps } from './constructs/workload-access';
export { AccessPolicy } from './constructs/access-policy';
export type { AccessPolicyProps } from './constructs/access-policy';

// What is reached, and what is seen
export { PolicyScope } from './constructs/policy-scope';
export { EgressTarget } from './constructs/egress-target';
export { EgressPolicy } from './constructs/egress-policy';
export type { EgressPolicyProps } from './constructs/egress-policy';
export { AccessLogging } from './constructs/access-logging';
export type { AccessLoggingProps } from './constructs/access-logging';
export { Tracing, TracingTag } from './constructs/tracing';
export type { TracingProps } from './constructs/tracing';

// Where objects come from
export { Origins } from './constructs/origins';

// What is wrong with the manifests
export { FindingSeverity, TrafficChecks } from './checks/traffic-checks';
export type { FindingSuppression, TrafficChecksProps, TrafficFinding } from './checks/traffic-checks';

// Environments
export { ClusterFacts } from './cluster/facts-value';
export { MeshEnvironment } from './environments/mesh-environment';
export type { MeshEnvironmentOptions, MeshEnvironmentProps } from './environments/mesh-environment';
export { MeshEnvironments } from './environments/mesh-environments';
export type { IEnvironmentCharts, MeshEnvironmentsProps } from './environments/mesh-environments';
export { RolloutOrder } from './environments/rollout-order';
export type { FluxFoldersOptions } from './environments/flux-folders';
