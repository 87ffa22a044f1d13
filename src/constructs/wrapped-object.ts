import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { fail } from '../traffic/problem';
import { shown } from '../traffic/shown-value';

/** An object of Kubernetes, as far as its pods and ports are asked. */
export interface WrappedManifest {
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string; readonly labels?: Labels };
  readonly spec?: {
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

/** The manifest of an object in its present state. */
export function manifestOf(object: ApiObject): WrappedManifest {
  return object.toJson() as WrappedManifest;
}

/** The TCP ports of a Service. Throws if they are not a list of ports, because an object of plain data may have anything there. */
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
  return (ports as readonly WrappedPort[]).filter(({ protocol = 'TCP' }) => protocol === 'TCP');
}

/** The labels by which a workload recognizes its pods: those of its selector, else those of its template. */
export function podLabels(at: IConstruct, object: ApiObject): Labels {
  const { kind, metadata, spec } = manifestOf(object);
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
