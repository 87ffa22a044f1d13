import type { IConstruct } from 'constructs';

/** A message about an invalid value: the value, what is wrong and the repair. Undefined for a valid value. */
export type Problem = string | undefined;

/** The first problem of the fields that are set. */
export function statedProblem<T, F extends keyof T & string>(
  what: string, values: T, fields: readonly F[], check: (what: string, value: NonNullable<T[F]>, field: F) => Problem,
): Problem {
  for (const field of fields) {
    const value = values[field];
    const problem = value === undefined ? undefined : check(`${what}.${field}`, value!, field);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Throws an error that starts with the construct path, like every error of this library. In a MeshEnvironment, its name comes first. */
export function fail(at: IConstruct | string, message: string): never {
  throw new Error(`${typeof at === 'string' ? at : placeOf(at)}: ${message}`);
}

/** The root of a tree that has a name of its own, as a MeshEnvironment has. */
interface NamedRoot {
  readonly environmentName?: string;
}

function placeOf({ node }: IConstruct): string {
  return placeIn(node.root, node.path);
}

/** A path in the tree of a root, as errors name it. */
export function placeIn(root: IConstruct, path: string): string {
  const environment = environmentOf(root);
  return environment === undefined ? path : [environment, path].filter(part => part !== '').join(': ');
}

/** The place of a construct that a factory is about to create. */
export function placeOfNew(factory: string, scope: IConstruct, id: string): string {
  const { node } = (scope as Partial<IConstruct> | undefined) ?? {};
  // Plain JavaScript may omit the scope.
  if (node === undefined) fail(factory, `the scope is ${JSON.stringify(scope)}, not a construct; use a scope, an id, and then the properties`);
  return placeIn(node.root, [node.path, id].filter(part => part !== '').join('/'));
}

/** An environment, as errors name it. */
export function named(environment: string): string {
  return `environment '${environment}'`;
}

/** The environment of a root, as errors name it; undefined for another App. */
export function environmentOf(root: IConstruct): string | undefined {
  const { environmentName } = root as NamedRoot;
  return environmentName === undefined ? undefined : named(environmentName);
}

/**
 * Runs something whose errors name the environment of a construct, if it is in one. The errors of statements do so by themselves, those
 * that cdk8s collects from the tree name only constructs.
 */
export function namingEnvironment<T>(at: object, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { node } = at as Partial<IConstruct>;
    const name = node && environmentOf(node.root);
    if (name === undefined) throw error;
    if (!(error instanceof Error)) throw new Error(`${name}: ${String(error)}`, { cause: error });
    if (!error.message.startsWith(name)) error.message = `${name}: ${error.message}`;
    throw error;
  }
}

/** Throws the first problem, after the construct path. */
export function refuse(at: IConstruct | string, ...problems: Problem[]): void {
  const problem = problems.find(p => p !== undefined);
  if (problem !== undefined) fail(at, problem);
}
