import type { Duration } from 'cdk8s';
import { Construct } from 'constructs';
import { accessOf } from './access-target';
import type { IngressGateway } from './ingress-gateway';
import type { PolicyScope } from './policy-scope';
import type { IOwnedService } from './traffic-target';
import { AppState } from '../plan/collect/app-state';
import { ScopedAccessPlan } from '../plan/collect/scoped-access-plan';
import { sorted } from '../plan/model/sorted';
import { acceptedArgument } from '../traffic/accepted';
import { durationProblem, istioDuration } from '../traffic/duration';
import { claimHeaderProblem, envoyKeysProblem, jwksProblem, jwksUriProblem, privateKeys } from '../traffic/jwks';
import { cookieNameProblem, headerNameProblem } from '../traffic/name';
import { objectionProblem } from '../traffic/objection';
import type { Problem } from '../traffic/problem';
import { fail, refuse } from '../traffic/problem';

/**
 * A header that contains a token.
 */
export interface TokenHeader {
  /** The name of the header. */
  readonly name: string;
  /**
   * The part of the value before the token, including a space, such as `Bearer `. It is case-sensitive.
   * @default - the whole value is the token
   */
  readonly prefix?: string;
}

/**
 * Properties of a TokenAuthentication. Set one of `service`, `gateway` and `scope`.
 */
export interface TokenAuthenticationProps {
  /**
   * The called service: a MeshService or an EgressGateway.
   * @default - required, unless `gateway` or `scope` is set
   */
  readonly service?: IOwnedService;
  /**
   * The ingress gateway that verifies tokens. The object is rendered in the root namespace.
   * @default - required, unless `service` or `scope` is set
   */
  readonly gateway?: IngressGateway;
  /**
   * All pods of a namespace or of the mesh, or a waypoint.
   * @default - required, unless `service` or `gateway` is set
   */
  readonly scope?: PolicyScope;
  /** The issuer of the tokens (`iss`). */
  readonly issuer: string;
  /**
   * The public keys of the issuer, as a JSON Web Key Set. Not together with `jwksUri`.
   * @default - the keys at `jwksUri`
   */
  readonly jwks?: string;
  /**
   * The URL of the issuer's keys. istiod fetches them. If it cannot, every token gets 401.
   * @default - the URL in the OpenID configuration that the issuer publishes
   */
  readonly jwksUri?: string;
  /**
   * The accepted audiences (`aud`). A token without any of them gets 403.
   * @default - every audience
   */
  readonly audiences?: string[];
  /**
   * The headers that contain the token. Headers, parameters and cookies replace the default.
   * @default - `Authorization` with the prefix `Bearer `, and the query parameter `access_token`
   */
  readonly fromHeaders?: TokenHeader[];
  /**
   * The query parameters that contain the token.
   * @default - as in `fromHeaders`
   */
  readonly fromParams?: string[];
  /**
   * The cookies that contain the token.
   * @default - as in `fromHeaders`
   */
  readonly fromCookies?: string[];
  /**
   * Whether the proxy forwards the token with the request.
   * @default false
   */
  readonly forwardOriginalToken?: boolean;
  /**
   * The header that gets the claims of the token, as JSON in Base64.
   * @default - none
   */
  readonly outputPayloadToHeader?: string;
  /**
   * Claims that are copied to headers, by header. They must be strings, numbers or booleans.
   * @default - none
   */
  readonly claimsToHeaders?: { readonly [header: string]: string };
  /**
   * How long istiod waits for the keys at `jwksUri`, in whole milliseconds.
   * @default - 5 seconds
   */
  readonly timeout?: Duration;
  /**
   * The name of the RequestAuthentication of a scope or an ingress gateway.
   * @default 'default', for a waypoint its name, for a gateway the path of the construct below the chart in kebab-case
   */
  readonly name?: string;
}

/**
 * Verifies the JSON Web Tokens of an issuer. A token that is invalid, expired or of an unknown issuer gets 401. A request without a token
 * passes: to require one, deny all requests except those of the principal `*` with a WorkloadAccess, or allow only `requestPrincipals`. All
 * TokenAuthentication constructs of the same pods become one RequestAuthentication. Two for one issuer must be equal. It has no effect on
 * TCP ports.
 *
 * @see https://istio.io/latest/docs/reference/config/security/request_authentication/
 */
export class TokenAuthentication extends Construct {
  constructor(scope: Construct, id: string, props: TokenAuthenticationProps) {
    super(scope, id);
    props = acceptedArgument('TokenAuthentication', props, this);
    const { service, gateway, issuer, name } = props;
    if ([service, gateway, props.scope].filter(target => target !== undefined).length !== 1) {
      fail(this, 'exactly one of service, gateway and scope is required; set one of them');
    }
    refuse(this, ...problemsOf(props));
    const token = { path: this.node.path, issuer, rule: ruleOf(props) };
    if (service) {
      if (name !== undefined) {
        fail(this, 'name is set for a service, whose RequestAuthentication has the name of the service; omit it');
      }
      if (service.httpPorts.length === 0) {
        fail(this, `'${service.host}' has no HTTP ports, and connections without HTTP have no tokens; use another service`);
      }
      accessOf(this, service).addToken(token);
      return;
    }
    const resolved = gateway ? gateway._pods(this) : props.scope!._resolveTarget(this, AppState.of(this).rootNamespace);
    if (!gateway && resolved.kind === 'workload') fail(this, 'the scope is a workload; set the service of its pods instead');
    ScopedAccessPlan.of(this, resolved).addToken(this, token, name);
  }
}

function problemsOf(props: TokenAuthenticationProps): Problem[] {
  const { issuer, jwks, jwksUri, audiences, fromHeaders = [], fromParams, fromCookies, outputPayloadToHeader } = props;
  const { claimsToHeaders = {} } = props;
  return [
    issuer === '' ? 'issuer is empty; set the issuer of the tokens' : undefined,
    jwks !== undefined && jwksUri !== undefined ? 'jwks and jwksUri are both set, and Istio takes one of them; remove one' : undefined,
    jwks === undefined ? undefined : keysProblem(jwks),
    jwksUri === undefined ? undefined : objectionProblem('jwksUri', jwksUriProblem(jwksUri)),
    namesProblem('audiences', audiences, () => undefined),
    props.fromHeaders?.length === 0 ? 'fromHeaders is an empty list; add a header, or omit it' : undefined,
    ...fromHeaders.map(header => headerNameProblem('fromHeaders', header.name)),
    namesProblem('fromParams', fromParams, () => undefined),
    namesProblem('fromCookies', fromCookies, cookieNameProblem),
    outputPayloadToHeader === undefined ? undefined : headerNameProblem('outputPayloadToHeader', outputPayloadToHeader),
    ...Object.entries(claimsToHeaders).flatMap(([header, claim]) => [
      objectionProblem('a header of claimsToHeaders', claimHeaderProblem(header)),
      claim === '' ? `claimsToHeaders has no claim for the header '${header}'; set the name of a claim` : undefined,
    ]),
    durationProblem('timeout', props.timeout),
  ];
}

function namesProblem(field: string, names: readonly string[] | undefined, check: (what: string, name: string) => Problem): Problem {
  if (names === undefined) return undefined;
  if (names.length === 0) return `${field} is an empty list; add a value, or omit it`;
  return names.map(name => (name === '' ? `${field} contains an empty string; remove it` : check(field, name)))
    .find(problem => problem !== undefined);
}

function keysProblem(jwks: string): Problem {
  if (jwks === '') return 'jwks is empty; set the keys of the issuer, or omit it';
  const problem = jwksProblem(jwks);
  if (problem !== undefined) return objectionProblem('jwks', problem);
  const [first] = privateKeys(jwks);
  return first === undefined ? objectionProblem('jwks', envoyKeysProblem(jwks))
    : `jwks has private material in key ${first}; use only public keys, because a proxy verifies tokens and signs none`;
}

/** The entry of the RequestAuthentication. The issuer comes first, because entries are sorted by it. */
function ruleOf(props: TokenAuthenticationProps): object {
  const { issuer, jwks, jwksUri, audiences, fromHeaders, fromParams, fromCookies, forwardOriginalToken, outputPayloadToHeader } = props;
  const claims = Object.entries(sorted({ ...props.claimsToHeaders })).map(([header, claim]) => ({ header, claim }));
  return {
    issuer,
    jwks,
    jwksUri,
    audiences: audiences && [...audiences].sort(),
    fromHeaders,
    fromParams,
    fromCookies,
    forwardOriginalToken: forwardOriginalToken ? true : undefined,
    outputPayloadToHeader,
    outputClaimToHeaders: claims.length > 0 ? claims : undefined,
    timeout: props.timeout && istioDuration(props.timeout),
  };
}
