import { acceptedArgument } from '../traffic/accepted';
import type { Problem } from '../traffic/problem';

/**
 * What an access statement does with the requests that it matches. Istio asks external authorizers first, then denies, then allows.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#AuthorizationPolicy-Action
 */
export class AccessAction {
  /** Allows the requests. As soon as one statement allows requests to a pod, Envoy denies all requests that no statement allows. */
  public static allow(): AccessAction {
    return new AccessAction('ALLOW');
  }

  /** Denies the requests, even if other statements allow them. */
  public static deny(): AccessAction {
    return new AccessAction('DENY');
  }

  /**
   * Asks an external authorizer about the requests. What it allows, other statements can still deny.
   *
   * @param provider the name of the authorizer in `extensionProviders` of the MeshConfig.
   * @see https://istio.io/latest/docs/tasks/security/authorization/authz-custom/
   */
  public static custom(provider: string): AccessAction {
    provider = acceptedArgument('AccessAction.custom', provider);
    return new AccessAction('CUSTOM', provider);
  }

  /**
   * Marks the requests for the access logs or tracing of a provider that supports it, such as Stackdriver. It decides about no request.
   *
   * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#AuthorizationPolicy-Action
   */
  public static audit(): AccessAction {
    return new AccessAction('AUDIT');
  }

  private constructor(
    /** @internal */
    public readonly _name: 'ALLOW' | 'DENY' | 'CUSTOM' | 'AUDIT',
    /** @internal */
    public readonly _provider?: string,
  ) {}

  /** @internal */
  public _problem(): Problem {
    return this._provider === '' ? 'AccessAction.custom() has an empty name; use the name of a provider in the MeshConfig' : undefined;
  }
}
