import type { IConstruct } from 'constructs';
import { environmentOf, fail } from './problem';

type Node = IConstruct['node'];

/** Refuses a construct of another App: a statement about it would change the manifests of that App. `at` is the place in the error. */
export function refuseOtherApp(
  by: IConstruct, what: string, other: Node, repair = 'use the one in the App of this construct, or MeshService.fromName() for a target',
  at: IConstruct | string = by,
): void {
  const root = rootOf(other);
  if (root === rootOf(by.node)) return;
  const place = environmentOf(root.root) ?? 'another App';
  fail(at, `${what} is '${other.path}' of ${place}; ${repair}`);
}

/** The node at the top of a tree. `node.root` creates a list of all scopes. */
function rootOf(node: Node): Node {
  let root = node;
  // A scope of plain JavaScript may be null.
  for (let { scope } = root; scope; { scope } = root) root = scope.node;
  return root;
}
