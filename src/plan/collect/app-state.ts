import type { IConstruct } from 'constructs';
import { fail, placeIn } from '../../traffic/problem';

const STATE = Symbol('state of the App');

/** The root of a tree, which holds the state of its App. */
interface Root {
  [STATE]?: AppState;
}

/** The shared state of the constructs in one App: common settings, and the owners of everything that Istio reads only one of. */
export class AppState {
  public static of(scope: IConstruct): AppState {
    let root = scope;
    while (root.node.scope) root = root.node.scope;
    return (root as Root)[STATE] ??= new AppState(root);
  }

  /** The DNS domain of the cluster, for services that set none. */
  public clusterDomain = 'cluster.local';
  /** The root namespace of the mesh, for policies that set none. */
  public rootNamespace = 'istio-system';
  /** Annotations for every object of a kind. */
  public annotations: { readonly [kind: string]: { readonly [key: string]: string } } = {};
  /** Whether manifests contain their origins. */
  public recordsOrigins = false;
  /** Whether statements record their call sites. */
  public recordsCallSites = false;

  private readonly claims = new Map<string, IConstruct>();
  private readonly singletons = new Map<string, unknown>();

  private constructor(private readonly root: IConstruct) {}

  /** Throws an error about the construct at a path. In a MeshEnvironment, its name comes first. */
  public fail(path: string, message: string): never {
    fail(placeIn(this.root, path), message);
  }

  /** Throws errors that start with the paths of their constructs. */
  public failAll(errors: readonly string[]): never {
    throw new Error(placeIn(this.root, errors.join('\n')));
  }

  /** Claims something for `owner`. A second claim throws an error that names both owners. `what` starts the sentence. */
  public claim(key: string, owner: IConstruct, what: () => string, repair: string): void {
    const other = this.claims.get(key);
    if (other !== undefined) fail(owner, `${what()} is already taken by ${other.node.path}; ${repair}`);
    this.claims.set(key, owner);
  }

  /** Claims the name of a manifest. */
  public claimName(kind: string, namespace: string, name: string, owner: IConstruct): void {
    this.claim(`${kind}/${namespace}/${name}`, owner, () => `the name '${name}' of a ${kind} in `
      + `namespace '${namespace}'`, 'use a different `name`');
  }

  /** The single object for this key, created on first use. */
  public one<T>(key: string, make: () => T): T {
    if (!this.singletons.has(key)) this.singletons.set(key, make());
    return this.singletons.get(key) as T;
  }
}
