export type { CallerFacts, ServiceAccount } from './access/caller';
export type { AccessOutcome, AccessRule, AccessVerdict, MissedRule } from './access/verdict';
export type { AssumedPort, AssumedService } from './assumed-service';
export type { ClusterFactsFields, GatewayFact, NamespaceFact, PortFact, ServiceFact } from '../cluster/facts-fields';
export type { StatedFacts } from '../cluster/facts-file';
export type { Destination, Reception } from './clusters';
export type { CorsAnswer } from './cors';
export { Decision } from './decision';
export type { NotJudged } from '../edge/not-judged';
export type { Outcome } from './outcome';
export type { PassedOver } from './place';
export type { ExpectedDenial, ExpectedOverflow, ExpectedRetry, ExpectedRewrite, Split, Timespan, Verdict } from './expectations';
export {
  isAllowed,
  isBlocked,
  isDenied,
  isUnauthorized,
  mirrorsTo,
  overflows,
  redirectsTo,
  respondsWith,
  retries,
  rewritesTo,
  routesTo,
  splitsTraffic,
  timesOutAfter,
} from './expectations';
export type { Fault } from './fault';
export type { HeaderChanges } from './header-changes';
export type { EndpointBehaviour } from './load/endpoint';
export type { EndpointBehaviours } from './load/endpoints';
export type { LoadOptions } from './load/load';
export { LoadResult } from './load/load-result';
export type { EndpointCounts, LoadCounts, LoadSample } from './load/load-result';
export { Mesh } from './mesh';
export type { GatewayOptions, MeshOptions, Rendering, SidecarOptions, WaypointOptions } from './mesh';
export type { Redirection } from './redirect';
export type { Rejection } from './rejection';
export type { HeaderValues } from './header-values';
export type { HttpVersion, Request, RequestOptions } from './request';
export type { ExpectedRequest } from './request-table';
export { unmetExpectations } from './request-table';
export type { Mirror, RetryPlan, Share } from './route-plan';
export type { Claims } from './token';
export type { UpstreamSecurity } from './upstream-security';
export { SimulatedProxy } from './simulated-proxy';
export type { ConnectOptions } from './connect-options';
