import { accepted, acceptedArgument } from '../traffic/accepted';
import { dnsLabelProblem, objectNameProblem } from '../traffic/name';
import type { Problem } from '../traffic/problem';

/** A caller as a source of an AuthorizationPolicy. */
interface Source {
  readonly principals?: readonly string[];
  readonly namespaces?: readonly string[];
}

/**
 * A caller of a service. All callers except `anyone()` are identified by their mutual TLS certificate.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
export class Caller {
  /** Workloads with this service account. The default namespace is that of the called service. The trust domain is `cluster.local`. */
  public static serviceAccount(name: string, namespace?: string): Caller {
    [name, namespace] = accepted('Caller.serviceAccount', [name, namespace]);
    return new Caller(at => ({ principals: [`cluster.local/ns/${namespace ?? at}/sa/${name}`] }),
      objectNameProblem('Caller.serviceAccount', name)
        ?? (namespace === undefined ? undefined : dnsLabelProblem('namespace of Caller.serviceAccount', namespace)));
  }

  /**
   * A gateway, by the service account of its pods: `istio-ingressgateway-service-account` if istioctl installed it, the name of the release
   * if Helm did. A service on a PublicHost must allow it.
   *
   * @param namespace the namespace of the gateway's pods; the default is `istio-system`.
   */
  public static gateway(serviceAccount: string, namespace: string = 'istio-system'): Caller {
    [serviceAccount, namespace] = accepted('Caller.gateway', [serviceAccount, namespace]);
    return new Caller(() => ({ principals: [`cluster.local/ns/${namespace}/sa/${serviceAccount}`] }),
      objectNameProblem('Caller.gateway', serviceAccount) ?? dnsLabelProblem('namespace of Caller.gateway', namespace), true);
  }

  /** Every workload in a namespace. */
  public static namespace(name: string): Caller {
    name = acceptedArgument('Caller.namespace', name);
    return new Caller(() => ({ namespaces: [name] }), dnsLabelProblem('Caller.namespace', name));
  }

  /** An identity as in certificates, without `spiffe://`, such as `other.domain/ns/shop/sa/web`. */
  public static principal(name: string): Caller {
    name = acceptedArgument('Caller.principal', name);
    return new Caller(() => ({ principals: [name] }), /^[^/*]+\/ns\/[^/*]+\/sa\/[^/*]+$/.test(name) ? undefined
      : `Caller.principal '${name}' is not an identity; `
        + 'use the form trust-domain/ns/namespace/sa/service-account, without spiffe:// and wildcards');
  }

  /** Every workload with a mesh certificate. */
  public static anyWorkload(): Caller {
    return new Caller(() => ({ principals: ['*'] }));
  }

  /** Every caller, including plaintext callers and callers outside the mesh. */
  public static anyone(): Caller {
    return new Caller(() => undefined);
  }

  private constructor(
    private readonly source: (namespace: string) => Source | undefined,
    private readonly problem?: Problem,
    /** @internal */
    public readonly _isGateway: boolean = false,
  ) {}

  /** @internal */
  public _source(namespace: string): Source | undefined {
    return this.source(namespace);
  }

  /** @internal */
  public _problem(): Problem {
    return this.problem;
  }
}
