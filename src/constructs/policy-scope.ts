import type { IConstruct } from 'constructs';
import { chartNamespaceOf } from './chart-namespace';
import { podLabels, wrappedObject } from './wrapped-object';
import { AppState } from '../plan/collect/app-state';
import type { Scope } from '../plan/model/scope';
import { accepted, acceptedArgument } from '../traffic/accepted';
import { dnsLabelProblem, labelsProblem } from '../traffic/name';
import { refuseOtherApp } from '../traffic/one-app';
import { fail, refuse } from '../traffic/problem';

/**
 * The proxies that a policy applies to.
 *
 * @see https://istio.io/latest/docs/reference/config/type/workload-selector/
 */
export class PolicyScope {
  /** All proxies in the mesh. The object is rendered in the root namespace. */
  public static mesh(): PolicyScope {
    return new PolicyScope('mesh');
  }

  /** The proxies in a namespace. The default is the namespace of the chart. */
  public static namespace(name?: string): PolicyScope {
    name = acceptedArgument('PolicyScope.namespace', name);
    return new PolicyScope('namespace', name);
  }

  /** The proxies of the pods with these labels in a namespace. The default is the namespace of the chart. */
  public static workload(labels: { readonly [key: string]: string }, namespace?: string): PolicyScope {
    [labels, namespace] = accepted('PolicyScope.workload', [labels, namespace]);
    return new PolicyScope('workload', namespace, labels);
  }

  /**
   * The proxies of the pods of a workload of this App, such as a Deployment: an ApiObject, or a construct of any cdk8s-plus. The labels are
   * those by which the workload recognizes its pods.
   */
  public static podsOf(workload: IConstruct): PolicyScope {
    workload = acceptedArgument('PolicyScope.podsOf', workload);
    return new PolicyScope('workload', undefined, undefined, workload);
  }

  /**
   * A waypoint, which decides about the requests for the services that it serves. For AccessPolicy and TokenAuthentication. `name` is the
   * name of its Gateway. The default of the namespace is that of the chart.
   *
   * @see https://istio.io/latest/docs/ambient/usage/waypoint/
   */
  public static waypoint(name: string, namespace?: string): PolicyScope {
    [name, namespace] = accepted('PolicyScope.waypoint', [name, namespace]);
    return new PolicyScope('waypoint', namespace, undefined, undefined, name);
  }

  private constructor(
    private readonly kind: Scope['kind'],
    private readonly namespace?: string,
    private readonly labels?: { readonly [key: string]: string },
    private readonly workload?: IConstruct,
    private readonly waypointName?: string,
  ) {}

  /**
   * The scope of a policy of pods.
   * @internal
   */
  public _resolve(at: IConstruct, rootNamespace: string): Scope {
    if (this.kind === 'waypoint') {
      fail(at, `the scope is the waypoint '${this.waypointName}', and only AccessPolicy and TokenAuthentication apply to waypoints; `
        + 'use another scope');
    }
    return this._resolveTarget(at, rootNamespace);
  }

  /**
   * The scope of a policy of pods or of a waypoint.
   * @internal
   */
  public _resolveTarget(at: IConstruct, rootNamespace: string): Scope {
    refuse(at, dnsLabelProblem('rootNamespace', rootNamespace));
    // A mesh has one root namespace. A policy with another one would miss the settings of the mesh.
    const root = AppState.of(at).one('rootNamespace', () => ({ name: rootNamespace, path: at.node.path }));
    if (root.name !== rootNamespace) {
      fail(at, `rootNamespace '${rootNamespace}' differs from '${root.name}' in ${root.path}; `
        + 'use the same root namespace for all policies');
    }
    if (this.kind === 'mesh') return { kind: 'mesh', namespace: rootNamespace };
    if (this.workload) refuseOtherApp(at, 'the workload of the scope', this.workload.node, 'use the labels of its pods');
    const object = this.workload && wrappedObject(at, this.workload);
    const labels = object === undefined ? this.labels : podLabels(at, object);
    const namespace = this.namespace ?? (object?.metadata.namespace) ?? chartNamespaceOf(at)
      ?? fail(at, `the scope '${this.kind}' has no namespace; set it in the scope or on the chart`);
    refuse(at, dnsLabelProblem('namespace of the scope', namespace), labels && labelsProblem('labels of the scope', labels));
    if (this.kind === 'waypoint') {
      refuse(at, dnsLabelProblem('the name of the waypoint', this.waypointName!));
      return { kind: this.kind, namespace, name: this.waypointName };
    }
    if (namespace === rootNamespace && this.kind === 'namespace') {
      fail(at, `the scope is the root namespace '${rootNamespace}', whose policies apply to the whole mesh; `
        + 'use PolicyScope.mesh(), or a workload in that namespace');
    }
    return { kind: this.kind, namespace, labels };
  }
}
