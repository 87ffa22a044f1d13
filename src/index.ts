// Values
export { StringMatch } from './traffic/string-match';
export { HttpMatch } from './traffic/http-match';
export { ServicePort, ServicePortOptions } from './traffic/service-port';
export { ConnectionPool, H2UpgradePolicy, Http2Keepalive, TcpKeepalive } from './traffic/connection-pool';
export { OutlierDetection } from './traffic/outlier-detection';
export { Retries } from './traffic/retry';
export { HttpListenerOptions, HttpsListenerOptions, Listener, ListenerOptions, TlsVersion } from './traffic/listener';
export { Endpoint, Location, Resolution } from './traffic/service-entry';
export { OutboundTrafficMode } from './traffic/outbound-traffic-mode';

// Services and who calls them
export { ITrafficService, ITrafficTarget } from './constructs/traffic-target';
export {
  AudienceOptions, ExposeOptions, FromServiceOptions, MeshService, MeshServiceProps, ServiceReference,
} from './constructs/mesh-service';
export { ExternalDependency, ExternalDependencyProps } from './constructs/external-dependency';
export { Subset, SubsetOptions } from './constructs/subset';
export { Audience } from './constructs/audience';
export { IngressGateway, IngressGatewayProps } from './constructs/ingress-gateway';
export { PublicHost, PublicHostProps } from './constructs/public-host';

// Routes, and which version serves whom
export { ITrafficRoute } from './constructs/route-reference';
export { RegexRewrite, Rewrite, TrafficRoute, TrafficRouteProps } from './constructs/traffic-route';
export { DarkLaunch, DarkLaunchProps } from './constructs/dark-launch';
export { CanaryRelease, CanaryReleaseProps } from './constructs/canary-release';

// What is done to requests
export { CellOptions } from './constructs/cells';
export { MirroredService, MirroredServiceProps } from './constructs/mirrored-service';
export { RequestPolicy, RequestPolicyProps } from './constructs/request-policy';
export { CircuitBreakerPolicy, CircuitBreakerPolicyProps } from './constructs/circuit-breaker-policy';

// What is reached, and what is seen
export { PolicyScope } from './constructs/policy-scope';
export { EgressTarget } from './constructs/egress-target';
export { EgressPolicy, EgressPolicyProps } from './constructs/egress-policy';
export { AccessLogging, AccessLoggingProps, WorkloadMode } from './constructs/access-logging';
export { Tracing, TracingProps, TracingTag } from './constructs/tracing';

// Where objects come from
export { Origins } from './constructs/origins';
