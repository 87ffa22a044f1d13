import type { IConstruct } from 'constructs';
import { Environment } from './environment';
import { fail } from '../traffic/problem';

/** Who took a thing: for all namespaces, or for some. */
interface Claims {
  first?: IConstruct;
  forAll?: IConstruct;
  readonly byNamespace: Map<string, IConstruct>;
}

/**
 * Takes something that a namespace may see once, such as a host of the mesh's registry: of two, istiod takes the older. Two owners that no
 * namespace sees both of are no conflict. `what` starts the sentence.
 */
export function claimSeen(
  key: string, owner: IConstruct, namespaces: readonly string[] | undefined, what: string, repair: string,
): void {
  const claims = Environment.of(owner).one(`seen/${key}`, (): Claims => ({ byNamespace: new Map() }));
  const taken = namespaces?.find(namespace => claims.byNamespace.has(namespace));
  const other = claims.forAll ?? (namespaces ? taken !== undefined && claims.byNamespace.get(taken) : claims.first);
  if (other) fail(owner, `${what} is already taken by ${other.node.path}; ${repair}`);
  claims.first ??= owner;
  if (namespaces) for (const namespace of namespaces) claims.byNamespace.set(namespace, owner);
  else claims.forAll = owner;
}
