import { ApiObject, Chart, Duration, JsonPatch } from 'cdk8s';
import { Audience } from '../constructs/audience';
import { CanaryRelease } from '../constructs/canary-release';
import { CircuitBreakerPolicy } from '../constructs/circuit-breaker-policy';
import { ClientTls } from '../constructs/client-tls';
import { DarkLaunch } from '../constructs/dark-launch';
import { ExternalDependency } from '../constructs/external-dependency';
import { FaultInjection } from '../constructs/fault-injection';
import { IngressGateway } from '../constructs/ingress-gateway';
import { LoadBalancerPolicy } from '../constructs/load-balancer-policy';
import { MeshService } from '../constructs/mesh-service';
import { MirroredService } from '../constructs/mirrored-service';
import { PublicHost } from '../constructs/public-host';
import { RequestPolicy } from '../constructs/request-policy';
import { TrafficRoute } from '../constructs/traffic-route';
import { ClientTlsSettings } from '../traffic/client-tls-settings';
import { H2UpgradePolicy } from '../traffic/connection-pool';
import { ConsistentHash, HashTable } from '../traffic/consistent-hash';
import { UnmatchedPreflights } from '../traffic/cors-policy';
import { Listener, TlsVersion } from '../traffic/listener';
import { LoadBalancerAlgorithm } from '../traffic/load-balancer';
import { RedirectPort } from '../traffic/redirect';
import { Location, Resolution } from '../traffic/service-entry';
import { ServicePort } from '../traffic/service-port';
import { StringMatch } from '../traffic/string-match';

/** The names that a program imports from cdk8s. */
export const CDK8S_NAMES: ReadonlySet<string> = new Set(['ApiObject', 'Chart', 'Duration', 'JsonPatch']);

/** Everything that a program can name, by its name. */
export const VALUES: { readonly [name: string]: unknown } = {
  ApiObject,
  Audience,
  CanaryRelease,
  Chart,
  CircuitBreakerPolicy,
  ClientTls,
  ClientTlsSettings,
  ConsistentHash,
  DarkLaunch,
  Duration,
  ExternalDependency,
  FaultInjection,
  H2UpgradePolicy,
  HashTable,
  IngressGateway,
  JsonPatch,
  Listener,
  LoadBalancerAlgorithm,
  LoadBalancerPolicy,
  Location,
  MeshService,
  MirroredService,
  PublicHost,
  RedirectPort,
  RequestPolicy,
  Resolution,
  ServicePort,
  StringMatch,
  TlsVersion,
  TrafficRoute,
  UnmatchedPreflights,
};
