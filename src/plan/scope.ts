import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { sorted } from './in-order';
import { istioObject } from './istio-object';
import type { ScopedObjects } from './scoped-objects';
import { kebab, objectNameProblem } from '../traffic/name';
import { fail, refuse } from '../traffic/problem';

/** Proxies: of the mesh, of a namespace, or of the workloads with some labels. */
export interface Scope {
  readonly kind: 'mesh' | 'namespace' | 'workload';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
}

export function keyOf(scope: Scope): string {
  return `${scope.kind}/${scope.namespace}/${JSON.stringify(sorted(scope.labels ?? {}))}`;
}

/** In words, for messages. */
export function describeScope(scope: Scope): string {
  if (scope.kind === 'mesh') return 'the mesh';
  const labels = Object.entries(sorted(scope.labels ?? {})).map(([k, v]) => `${k}=${v}`).join(', ');
  return scope.kind === 'namespace' ? `namespace '${scope.namespace}'` : `workload ${labels} in namespace '${scope.namespace}'`;
}

export function selectorOf(scope: Scope): { [key: string]: string } | undefined {
  return scope.labels && sorted(scope.labels);
}

/**
 * The one object of a kind for a scope, to which several constructs contribute. The first of them holds it. A workload's object is named after the
 * construct whose id comes first in the alphabet, so that the order of statements never shows.
 */
export class ScopedObject {
  public readonly paths: string[] = [];
  private readonly ids: string[] = [];
  private object?: ApiObject;
  private stated?: { readonly name: string; readonly path: string };

  constructor(
    private readonly kind: string, public readonly scope: Scope, private readonly siblings: ScopedObjects, private readonly spec: () => object,
  ) {}

  public get name(): string {
    return this.stated?.name ?? (this.scope.kind === 'workload' ? [...this.ids].sort()[0] : 'default');
  }

  public contribute(by: Construct, id: string, name: string | undefined): void {
    const path = by.node.path;
    if (name !== undefined || this.scope.kind === 'workload') refuse(by, objectNameProblem('name', name ?? kebab(id)));
    if (name !== undefined && this.stated && this.stated.name !== name) {
      fail(path, `name '${name}' differs from '${this.stated.name}', which ${this.stated.path} states for the ${this.kind} of ${describeScope(this.scope)}; `
        + 'state one name');
    }
    if (name !== undefined) this.stated = { name, path };
    this.ids.push(kebab(id));
    this.paths.push(path);
    this.siblings.add(this);
    if (this.object) return;
    this.object = istioObject(by, by.node.tryFindChild('Resource') ? this.kind : 'Resource', {
      kind: this.kind, namespace: this.scope.namespace, spec: this.spec, origin: () => ({ policies: this.paths }), lateName: () => this.name,
    });
    by.node.addValidation({ validate: () => [...this.siblings.clashesOf(this)] });
  }

  /** The construct that holds the object. */
  public get path(): string {
    return this.paths[0];
  }
}
