import type { IConstruct } from 'constructs';
import type { ExternalDependency } from './external-dependency';
import type { MeshService } from './mesh-service';
import { acceptedArgument } from '../traffic/accepted';
import { dnsLabelProblem } from '../traffic/name';
import { refuseOtherApp } from '../traffic/one-app';
import type { Problem } from '../traffic/problem';

/**
 * A destination of outgoing calls.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/sidecar/#IstioEgressListener
 */
export class EgressTarget {
  /** A service in the mesh. */
  public static service(service: MeshService): EgressTarget {
    service = acceptedArgument('EgressTarget.service', service);
    return new EgressTarget([`${service.namespace}/${service.host}`], undefined, service);
  }

  /** A host outside the mesh. */
  public static dependency(dependency: ExternalDependency): EgressTarget {
    dependency = acceptedArgument('EgressTarget.dependency', dependency);
    return new EgressTarget(dependency.hosts.map(host => `${dependency.namespace}/${host}`), undefined, dependency);
  }

  /** Every service of a namespace. */
  public static namespace(name: string): EgressTarget {
    name = acceptedArgument('EgressTarget.namespace', name);
    return new EgressTarget([`${name}/*`], dnsLabelProblem('EgressTarget.namespace', name));
  }

  private constructor(
    private readonly hosts: readonly string[],
    private readonly problem?: Problem,
    private readonly construct?: IConstruct,
  ) {}

  /** @internal */
  public _refuseOtherApp(by: IConstruct): void {
    const repair = 'use the one in the App of this construct, or EgressTarget.namespace()';
    if (this.construct) refuseOtherApp(by, 'a target in allow', this.construct.node, repair);
  }

  /** @internal */
  public _hosts(): readonly string[] {
    return this.hosts;
  }

  /** @internal */
  public _problem(): Problem {
    return this.problem;
  }
}
