import type { IConstruct } from 'constructs';
import { Environment } from './environment';
import { fail } from '../traffic/problem';

interface Claim {
  readonly owner: IConstruct;
  /** The namespaces that see it; undefined means all. */
  readonly namespaces?: readonly string[];
}

/**
 * Takes something that a namespace may see once, such as a host of the mesh's registry: of two, istiod takes the older. Two owners that no
 * namespace sees both of are no conflict. `what` starts the sentence.
 */
export function claimSeen(
  key: string, owner: IConstruct, namespaces: readonly string[] | undefined, what: string, repair: string,
): void {
  const claims = Environment.of(owner).one(`seen/${key}`, (): Claim[] => []);
  const other = claims.find(claim => !namespaces || !claim.namespaces || namespaces.some(namespace => claim.namespaces!.includes(namespace)));
  if (other) fail(owner, `${what} is already taken by ${other.owner.node.path}; ${repair}`);
  claims.push({ owner, namespaces });
}
