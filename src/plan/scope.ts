import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { Environment } from './environment';
import { istioObject } from './istio-object';
import { sorted } from './render';
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

/** Whether every pod with the labels of one workload has those of the other. */
function within({ labels }: Scope, wider: Scope): boolean {
  return labels !== undefined && wider.labels !== undefined && Object.entries(wider.labels).every(([key, value]) => labels[key] === value);
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

  constructor(private readonly kind: string, public readonly scope: Scope, private readonly spec: () => object) {}

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
    if (this.object) return;
    this.object = istioObject(by, 'Resource', {
      kind: this.kind, namespace: this.scope.namespace, spec: this.spec, origin: () => ({ policies: this.paths }), lateName: () => this.name,
    });
    const taken = Environment.of(by).one(`names/${this.kind}`, () => new Map<ScopedObject, string>());
    taken.set(this, path);
    by.node.addValidation({
      validate: () => [...taken]
        .filter(([other, otherPath]) => otherPath < path && other.scope.namespace === this.scope.namespace)
        .flatMap(([other, otherPath]) => this.clashes(other, otherPath).map(clash => `${path}: ${clash}`)),
    });
  }

  /** What is wrong with having both objects. */
  private clashes(other: ScopedObject, path: string): string[] {
    const clashes: string[] = [];
    if (other.name === this.name) {
      clashes.push(`the name '${this.name}' of a ${this.kind} in namespace '${this.scope.namespace}' is already taken by ${path}; state another \`name\``);
    }
    if (this.kind === 'Sidecar' && (within(this.scope, other.scope) || within(other.scope, this.scope))) {
      clashes.push(`${describeScope(this.scope)} shares pods with ${describeScope(other.scope)}, which ${path} is about, and Istio applies the older of two `
        + 'Sidecars alone; use labels that no pod has both of, or one scope');
    }
    return clashes;
  }
}
