import type { IConstruct } from 'constructs';
import { fail } from '../../traffic/problem';

const STATE = Symbol('state of the App');

/** The root of a tree, which holds what there is one of. */
interface Root {
  [STATE]?: AppState;
}

/** What the constructs of one App share: what holds for all of them, and the owners of what Istio reads one of. */
export class AppState {
  public static of(scope: IConstruct): AppState {
    let root = scope;
    while (root.node.scope) root = root.node.scope;
    return (root as Root)[STATE] ??= new AppState();
  }

  /** The DNS domain of the cluster, of services that state none. */
  public clusterDomain = 'cluster.local';
  /** Annotations that every object of a kind gets. */
  public annotations: { readonly [kind: string]: { readonly [key: string]: string } } = {};
  /** Whether manifests say where they come from. */
  public recordsOrigins = false;
  /** Whether statements note the line that makes them. */
  public recordsCallSites = false;

  private readonly claims = new Map<string, IConstruct>();
  private readonly singletons = new Map<string, unknown>();

  private constructor() {}

  /** Takes something for `owner`; whoever takes it a second time gets an error that names both. `what` starts the sentence. */
  public claim(key: string, owner: IConstruct, what: () => string, repair: string): void {
    const other = this.claims.get(key);
    if (other !== undefined) fail(owner, `${what()} is already taken by ${other.node.path}; ${repair}`);
    this.claims.set(key, owner);
  }

  /** Takes the name of a manifest. */
  public claimName(kind: string, namespace: string, name: string, owner: IConstruct): void {
    this.claim(`${kind}/${namespace}/${name}`, owner, () => `the name '${name}' of a ${kind} in namespace '${namespace}'`, 'state another `name`');
  }

  /** The one thing of this key, made when it is first asked for. */
  public one<T>(key: string, make: () => T): T {
    if (!this.singletons.has(key)) this.singletons.set(key, make());
    return this.singletons.get(key) as T;
  }
}
