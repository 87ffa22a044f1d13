import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { fail } from '../traffic/problem';
import { shown } from '../traffic/shown-value';

/** An object of Kubernetes, as far as its pods and ports are asked. */
export interface WrappedManifest {
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly labels?: Labels };
  readonly spec?: {
    readonly type?: string;
    readonly externalName?: string;
    readonly ports?: readonly WrappedPort[];
    readonly selector?: Labels | { readonly matchLabels?: Labels; readonly matchExpressions?: readonly unknown[] };
    readonly template?: PodTemplate;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
  };
}

/** A port of a Service. */
export interface WrappedPort {
  readonly port: number;
  readonly name?: string;
  readonly appProtocol?: string;
  readonly protocol?: string;
  readonly targetPort?: number | string;
}

export interface Labels { readonly [key: string]: string }

interface PodTemplate { readonly metadata?: { readonly labels?: Labels } }

/**
 * The object of a construct: an ApiObject itself, or the one in a construct of cdk8s-plus, which is its child `Resource`. Both are known by
 * their form, so the library needs no version of cdk8s-plus.
 */
export function wrappedObject(at: IConstruct | string, construct: IConstruct): ApiObject {
  if (ApiObject.isApiObject(construct)) return construct;
  const child = construct.node.tryFindChild('Resource') ?? construct.node.tryFindChild('Default');
  if (child !== undefined && ApiObject.isApiObject(child)) return child;
  return fail(at, `${construct.node.path} has no Kubernetes object; use an ApiObject, or a construct of cdk8s-plus`);
}

/** The manifest of an object in its present state. A construct of cdk8s-plus refuses to render one that is incomplete. */
export function manifestOf(at: IConstruct | string, object: ApiObject): WrappedManifest {
  try {
    return object.toJson() as WrappedManifest;
  } catch (error) {
    return fail(at, `${object.node.path} cannot be rendered yet: ${(error as Error).message}; complete it first`);
  }
}

/**
 * The TCP ports of a Service, at least one. Throws if they are not a list of ports, because an object of plain data may have anything
 * there.
 */
export function tcpPorts(at: IConstruct | string, object: ApiObject, { spec }: WrappedManifest): readonly WrappedPort[] {
  const ports: unknown = spec?.ports ?? [];
  if (!Array.isArray(ports)) fail(at, `spec.ports of ${object.node.path} is ${shown(ports)}; use a list of ports`);
  for (const [i, port] of (ports as unknown[]).entries()) {
    const { port: number, name, appProtocol } = (port ?? {}) as { readonly [field: string]: unknown };
    if (typeof number !== 'number') fail(at, `spec.ports[${i}] of ${object.node.path} is ${shown(port)}; use an object whose port is a number`);
    for (const [field, value] of Object.entries({ name, appProtocol })) {
      if (value !== undefined && typeof value !== 'string') {
        fail(at, `spec.ports[${i}].${field} of ${object.node.path} is ${shown(value)}; use a string`);
      }
    }
  }
  const all = ports as readonly WrappedPort[];
  const ofTcp = all.filter(({ protocol = 'TCP' }) => protocol === 'TCP');
  return ofTcp.length > 0 ? ofTcp : fail(at, withoutTcpPorts(object.node.path, spec, all));
}

/** The selector of a Service. Kubernetes reads an empty one as none. */
export function selectorOf({ spec: { selector } = {} }: WrappedManifest): Labels | undefined {
  return selector === undefined || Object.keys(selector).length === 0 ? undefined : selector as Labels;
}

/** Why the traffic of a Service cannot be described. */
function withoutTcpPorts(path: string, spec: WrappedManifest['spec'], ports: readonly WrappedPort[]): string {
  if (spec?.type === 'ExternalName') {
    return `the Service ${path} is of type ExternalName and has no ports; it is another name of ${shown(spec.externalName)}, `
      + 'which an ExternalDependency describes if it is outside the mesh';
  }
  if (ports.length === 0) return `the Service ${path} has no ports; add at least one`;
  const protocols = [...new Set(ports.map(({ protocol }) => protocol))].join(' and ');
  return `the Service ${path} has only ports of protocol ${protocols}, which Istio does not route; add a TCP port, or omit the MeshService`;
}

/** The labels by which a workload recognizes its pods: those of its selector, else those of its template. */
export function podLabels(at: IConstruct, object: ApiObject): Labels {
  const { kind, metadata, spec } = manifestOf(at, object);
  if (kind === 'Service') fail(at, `${object.node.path} is a Service, not a workload; use its Deployment, or PolicyScope.workload()`);
  const { matchLabels, matchExpressions = [] } = (spec?.selector ?? {}) as { matchLabels?: Labels; matchExpressions?: readonly unknown[] };
  const template = spec?.template ?? spec?.jobTemplate?.spec?.template;
  const labels =
    kind === 'Pod' ? metadata?.labels : matchExpressions.length === 0 && matchLabels ? matchLabels : template?.metadata?.labels;
  if (labels === undefined || Object.keys(labels).length === 0) {
    fail(at, `the ${kind} ${object.node.path} has no labels for its pods; add some, or use PolicyScope.workload()`);
  }
  for (const [key, value] of Object.entries<unknown>(labels)) {
    if (typeof labels === 'object' && typeof value === 'string') continue;
    fail(at, `the labels of the pods of ${object.node.path} are ${shown(labels)}, and each label must be a string; change '${key}'`);
  }
  return labels;
}
