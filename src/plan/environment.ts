import type { IConstruct } from 'constructs';
import { fail } from '../traffic/problem';

const environments = new WeakMap<IConstruct, Environment>();

/** What one App has one of: every object that Istio reads one of is claimed here by its owner. */
export class Environment {
  public static of(scope: IConstruct): Environment {
    const root = scope.node.root;
    let environment = environments.get(root);
    if (!environment) environments.set(root, environment = new Environment());
    return environment;
  }

  private readonly claims = new Map<string, string>();
  private readonly singletons = new Map<string, unknown>();

  private constructor() {}

  /** Takes something for `owner`; whoever takes it a second time gets an error that names both. `what` starts the sentence. */
  public claim(key: string, owner: IConstruct, what: string, repair: string): void {
    const path = owner.node.path;
    const other = this.claims.get(key);
    if (other !== undefined) fail(path, `${what} is already taken by ${other}; ${repair}`);
    this.claims.set(key, path);
  }

  /** Takes the name of a manifest. */
  public claimName(kind: string, namespace: string, name: string, owner: IConstruct): void {
    this.claim(`${kind}/${namespace}/${name}`, owner, `the name '${name}' of a ${kind} in namespace '${namespace}'`, 'state another `name`');
  }

  /** The one thing of this key, made when it is first asked for. */
  public one<T>(key: string, make: () => T): T {
    if (!this.singletons.has(key)) this.singletons.set(key, make());
    return this.singletons.get(key) as T;
  }
}
