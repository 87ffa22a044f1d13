import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { defaultName } from './default-name';
import { istioObject } from './istio-object';
import type { ScopedObjects } from './scoped-objects';
import { objectNameProblem } from '../../traffic/name';
import { fail, refuse } from '../../traffic/problem';
import type { Scope } from '../model/scope';
import { scopeName } from '../model/scope';

/**
 * The object of a kind for a scope, to which several constructs contribute. The first construct holds it. The object of a workload is named
 * by the default name that comes first in the alphabet, so the order of statements has no effect.
 */
export class ScopedObject {
  public readonly paths: string[] = [];
  private readonly names: string[] = [];
  private object?: ApiObject;
  private stated?: { readonly name: string; readonly path: string };

  constructor(
    private readonly kind: string,
    public readonly scope: Scope,
    private readonly siblings: ScopedObjects,
    private readonly spec: () => object,
  ) {}

  public get name(): string {
    return this.stated?.name ?? (this.scope.kind === 'workload' ? [...this.names].sort()[0] : 'default');
  }

  public contribute(by: Construct, name: string | undefined): void {
    const path = by.node.path;
    const byDefault = defaultName(by);
    if (name !== undefined || this.scope.kind === 'workload') refuse(by, objectNameProblem('name', name ?? byDefault));
    if (name !== undefined && this.stated && this.stated.name !== name) {
      fail(path, `name '${name}' differs from '${this.stated.name}', `
        + `which ${this.stated.path} sets for the ${this.kind} of ${scopeName(this.scope)}; `
        + 'use one name');
    }
    if (name !== undefined) this.stated = { name, path };
    this.names.push(byDefault);
    this.paths.push(path);
    this.siblings.add(this);
    if (this.object) return;
    this.object = istioObject(by, by.node.tryFindChild('Resource') ? this.kind : 'Resource', {
      kind: this.kind,
      namespace: this.scope.namespace,
      spec: this.spec,
      origin: () => ({ policies: this.paths }),
      lateName: () => this.name,
    });
    by.node.addValidation({ validate: () => [...this.siblings.clashesOf(this)] });
  }

  /** The path of the construct that holds the object. */
  public get path(): string {
    return this.paths[0];
  }
}
