import type { AccessAction } from './access-action';
import type { AccessCondition } from './access-condition';
import type { Caller } from './caller';
import type { StringMatch } from '../traffic/string-match';

/**
 * Requests that an access statement leaves out. A request is left out if it meets one of the fields.
 */
export interface AccessExceptions {
  /**
   * The excepted callers. Callers without mutual TLS are never excepted.
   * @default - no caller is excepted
   */
  readonly callers?: Caller[];
  /**
   * The excepted addresses of callers, as in `ipBlocks`.
   * @default - no address is excepted
   */
  readonly ipBlocks?: string[];
  /**
   * The excepted addresses of clients, as in `remoteIpBlocks`.
   * @default - no address is excepted
   */
  readonly remoteIpBlocks?: string[];
  /**
   * The excepted principals of tokens, as in `requestPrincipals`. Requests without a verified token are never excepted.
   * @default - no principal is excepted
   */
  readonly requestPrincipals?: string[];
  /**
   * The excepted methods.
   * @default - no method is excepted
   */
  readonly methods?: string[];
  /**
   * The excepted paths, as in `paths`.
   * @default - no path is excepted
   */
  readonly paths?: StringMatch[];
  /**
   * The excepted path templates, as in `pathTemplates`.
   * @default - no path is excepted
   */
  readonly pathTemplates?: string[];
  /**
   * The excepted hosts, as in `hosts`.
   * @default - no host is excepted
   */
  readonly hosts?: string[];
}

/**
 * Which requests are allowed, denied or decided by an external authorizer. A request must meet every field; the values of a field are
 * alternatives.
 */
export interface AccessStatementProps {
  /**
   * What happens to the requests.
   * @default AccessAction.allow()
   */
  readonly action?: AccessAction;
  /**
   * Whether Envoy only reports what the statement would do, in its logs and statistics. Such statements are in an AuthorizationPolicy of
   * their own with the annotation `istio.io/dry-run`. For statements that allow or deny.
   * @default false
   * @see https://istio.io/latest/docs/tasks/security/authorization/authz-dry-run/
   */
  readonly dryRun?: boolean;
  /**
   * The callers. Required to allow requests. As soon as one caller is allowed, all others get 403 on every port of the pods, or a closed
   * connection where Envoy sees no requests. Callers that other statements allow may call too.
   * @default - this statement allows no callers; another action applies to every caller
   */
  readonly callers?: Caller[];
  /**
   * The addresses of connections: IP addresses or CIDR blocks. Behind a proxy or a load balancer, this is the address of the latter.
   * @default - every address
   */
  readonly ipBlocks?: string[];
  /**
   * The addresses of clients: IP addresses or CIDR blocks. At a gateway, trusted proxies (`numTrustedProxies`) report them. At a service,
   * this is the last entry of `X-Forwarded-For`, which any caller can write: to allow them, set the gateway as `callers`.
   * @default - every address
   */
  readonly remoteIpBlocks?: string[];
  /**
   * The principals of tokens that a TokenAuthentication verified: `ISSUER/SUBJECT`, `ISSUER/*`, or `*` for every token with an issuer and
   * a subject. Only for HTTP ports.
   * @default - with any token or none
   */
  readonly requestPrincipals?: string[];
  /**
   * The methods. Only for HTTP ports.
   * @default - every method
   */
  readonly methods?: string[];
  /**
   * The paths, without query, as the pods receive them: `exact` or `prefix`. Only for HTTP ports. Callers can often write a denied path
   * differently, such as with `//`: where it matters, allow the known paths instead.
   * @default - every path
   */
  readonly paths?: StringMatch[];
  /**
   * Paths with templates as whole segments: `{*}` is one segment, and `{**}` any rest. They add to `paths`. Only for HTTP ports.
   * @default - no templates
   */
  readonly pathTemplates?: string[];
  /**
   * The hosts of requests, with any port unless a port is given. A wildcard label at the start, as in `*.example.com`, matches only
   * hosts without a port, so it can neither be denied nor excepted from what is allowed. Only for HTTP ports.
   * @default - every host
   */
  readonly hosts?: string[];
  /**
   * The ports of the pods, such as 8080 of an ingress gateway. Required to deny by fields of requests where the ports of a service are
   * unknown: at gateways, in namespaces and in the mesh. There, Istio would otherwise deny every connection without HTTP. For a service,
   * set `ports` of the WorkloadAccess. At a waypoint, these are the ports of the services that it serves.
   * @default - every port
   */
  readonly containerPorts?: number[];
  /**
   * Conditions on other attributes. All of them must be met.
   * @default - no conditions
   */
  readonly when?: AccessCondition[];
  /**
   * Requests that the statement leaves out.
   * @default - none
   */
  readonly except?: AccessExceptions;
}
