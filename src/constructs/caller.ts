import { dnsLabelProblem, objectNameProblem } from '../traffic/name';
import type { Problem } from '../traffic/problem';

/** What a caller comes to in a source of an AuthorizationPolicy. */
interface Source {
  readonly principals?: readonly string[];
  readonly namespaces?: readonly string[];
}

/**
 * Somebody who calls a service. All but `anyone()` are known by the certificate of mutual TLS.
 *
 * @see https://istio.io/latest/docs/reference/config/security/authorization-policy/#Source
 */
export class Caller {
  /** Workloads that run as a service account; without `namespace` one of the called service's namespace. The trust domain is `cluster.local`. */
  public static serviceAccount(name: string, namespace?: string): Caller {
    return new Caller(at => ({ principals: [`cluster.local/ns/${namespace ?? at}/sa/${name}`] }),
      objectNameProblem('Caller.serviceAccount', name) ?? (namespace === undefined ? undefined : dnsLabelProblem('namespace of Caller.serviceAccount', namespace)));
  }

  /**
   * A gateway, by the service account of its pods: `istio-ingressgateway-service-account` where istioctl installed it, the name of the release
   * where Helm did. A service with a PublicHost needs it.
   *
   * @param namespace the namespace of its pods; `istio-system` unless stated.
   */
  public static gateway(serviceAccount: string, namespace: string = 'istio-system'): Caller {
    return new Caller(() => ({ principals: [`cluster.local/ns/${namespace}/sa/${serviceAccount}`] }),
      objectNameProblem('Caller.gateway', serviceAccount) ?? dnsLabelProblem('namespace of Caller.gateway', namespace));
  }

  /** Every workload of a namespace. */
  public static namespace(name: string): Caller {
    return new Caller(() => ({ namespaces: [name] }), dnsLabelProblem('Caller.namespace', name));
  }

  /** An identity as certificates state it, without `spiffe://`, such as `other.domain/ns/shop/sa/web`. */
  public static principal(name: string): Caller {
    return new Caller(() => ({ principals: [name] }), /^[^/*]+\/ns\/[^/*]+\/sa\/[^/*]+$/.test(name) ? undefined
      : `Caller.principal '${name}' is not an identity; write it as trust-domain/ns/namespace/sa/service-account, without spiffe:// and wildcards`);
  }

  /** Every workload with a certificate of the mesh. */
  public static anyWorkload(): Caller {
    return new Caller(() => ({ principals: ['*'] }));
  }

  /** Everybody, also in clear text and from outside of the mesh. */
  public static anyone(): Caller {
    return new Caller(() => undefined);
  }

  private constructor(private readonly source: (namespace: string) => Source | undefined, private readonly problem?: Problem) {}

  /** @internal */
  public _source(namespace: string): Source | undefined {
    return this.source(namespace);
  }

  /** @internal */
  public _problem(): Problem {
    return this.problem;
  }
}
