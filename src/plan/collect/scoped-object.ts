import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import { defaultName } from './default-name';
import { istioObject } from './istio-object';
import type { ScopedObjects } from './scoped-objects';
import { placeAmongSiblings } from './sibling-order';
import { objectNameProblem } from '../../traffic/name';
import { refuse } from '../../traffic/problem';
import type { DefaultOrigin, ObjectOrigin } from '../model/object-origin';
import type { Scope } from '../model/scope';
import { scopeKey, scopeName } from '../model/scope';

/** The kinds in the order of their manifests. */
const KINDS = ['PeerAuthentication', 'RequestAuthentication', 'AuthorizationPolicy', 'Telemetry', 'Sidecar'];

/** What an object contains when it is rendered. */
export interface ScopedContent {
  readonly annotations?: { readonly [key: string]: string };
  spec(): object;
  /** The defaults of its fields. */
  defaults?(): readonly DefaultOrigin[];
  /** The name of the object, if it differs from the name that its statements set. */
  nameOf?(stated: string): string;
}

/**
 * The object of a kind for a scope, to which several constructs contribute. A service with defaults for its pods holds it, else the
 * construct whose path comes first in the alphabet. The object of a workload is named after that service, else by the default name that
 * comes first, so the order of statements has no effect. The object of a waypoint has the name of the waypoint.
 */
export class ScopedObject {
  public readonly paths: string[] = [];
  private readonly names: string[] = [];
  private readonly services: string[] = [];
  private holder?: { readonly rank: string; readonly construct: Construct };
  private object?: ApiObject;
  private stated?: { readonly name: string; readonly path: string };

  constructor(
    private readonly kind: string,
    public readonly scope: Scope,
    private readonly siblings: ScopedObjects,
    private readonly content: ScopedContent,
  ) {}

  public get name(): string {
    const name = this.stated?.name ?? (this.scope.kind === 'workload'
      ? [...this.services.length > 0 ? this.services : this.names].sort()[0] : this.scope.name ?? 'default');
    return this.content.nameOf?.(name) ?? name;
  }

  /** Adds a statement, with the name that it asks for and the part of the object that it sets. */
  public contribute(by: Construct, name: string | undefined, part = ''): void {
    const path = by.node.path;
    const byDefault = defaultName(by);
    if (name !== undefined || this.scope.kind === 'workload') refuse(by, objectNameProblem('name', name ?? byDefault));
    if (name !== undefined && this.stated && this.stated.name !== name) {
      this.siblings.state.fail(path, `name '${name}' differs from '${this.stated.name}', `
        + `which ${this.stated.path} sets for the ${this.kind} of ${scopeName(this.scope)}; `
        + 'use one name');
    }
    if (name !== undefined) this.stated = { name, path };
    this.names.push(byDefault);
    this.paths.push(path);
    this.placeStatement(by, part);
  }

  /** Adds defaults of a part of the object. For the pods of a service, `by` is a place in the service, and `id` is its name. */
  public hold(by: Construct, id: string, part: string): void {
    if (this.scope.kind !== 'workload') {
      this.placeStatement(by, part);
      return;
    }
    this.services.push(id);
    this.place(by, `0 ${by.node.path}`);
  }

  private placeStatement(by: Construct, part: string): void {
    placeAmongSiblings(by, [`${KINDS.indexOf(this.kind)} ${part} ${this.scope.kind}`, scopeKey(this.scope)]);
    this.place(by, `1 ${by.node.path}`);
  }

  /** The path of the construct that holds the object. */
  public get path(): string {
    return this.holder!.construct.node.path;
  }

  /** The statements and the defaults that nothing replaces, and all defaults. */
  private originOf(defaults: readonly DefaultOrigin[]): ObjectOrigin {
    return { policies: [...this.paths, ...defaults.filter(d => d.replacedBy.length === 0).map(({ by }) => by)], defaults };
  }

  /** Makes a construct the holder, if its rank is lower than that of the current one. */
  private place(by: Construct, rank: string): void {
    this.siblings.add(this);
    if (this.holder && this.holder.rank <= rank) return;
    if (this.object) this.holder!.construct.node.tryRemoveChild(this.object.node.id);
    this.holder = { rank, construct: by };
    this.object = istioObject(by, this.freeId(by), {
      kind: this.kind,
      namespace: this.scope.namespace,
      spec: () => this.content.spec(),
      origin: () => this.originOf(this.content.defaults?.() ?? []),
      lateName: () => this.name,
      annotations: this.content.annotations,
    });
    by.node.addValidation({ validate: () => [...this.siblings.clashesOf(this)] });
  }

  /** The id of the object below a construct, which may hold objects of several kinds, and several of one kind. */
  private freeId(by: Construct): string {
    let id = 'Resource';
    for (let n = 1; by.node.tryFindChild(id); n++) id = n === 1 ? this.kind : `${this.kind}${n}`;
    return id;
  }
}
