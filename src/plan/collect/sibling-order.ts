import type { Construct, IConstruct } from 'constructs';
import { Node } from 'constructs';

const KEY = Symbol('place among siblings');

/** A construct with a place among its siblings that does not depend on the program. */
interface Placed {
  [KEY]?: Key;
}

type Key = readonly [group: string, member: string];

const childrenOf: (this: Node) => IConstruct[] = Object.getOwnPropertyDescriptor(Node.prototype, 'children')!.get!;

/**
 * Gives a statement a place among its siblings: all such siblings come where the first one is, by group and then in the
 * descending order of their members. cdk8s renders objects in the order of constructs, so two statements that are swapped in a program
 * would otherwise swap their manifests.
 */
export function placeAmongSiblings(statement: Construct, [group, member]: Key): void {
  const placed = statement as Placed;
  if (placed[KEY] !== undefined) return;
  placed[KEY] = [group, `${member} ${statement.node.id}`];
  const { node } = statement.node.scope!;
  if (Object.hasOwn(node, 'children')) return;
  Object.defineProperty(node, 'children', { configurable: true, get: () => ordered(childrenOf.call(node)) });
}

function ordered(children: readonly IConstruct[]): IConstruct[] {
  const keyOf = (child: IConstruct) => (child as Placed)[KEY];
  const placed = children.filter(child => keyOf(child) !== undefined).sort((a, b) => before(keyOf(a)!, keyOf(b)!));
  const first = children.findIndex(child => keyOf(child) !== undefined);
  const others = children.filter(child => keyOf(child) === undefined);
  return [...others.slice(0, first), ...placed, ...others.slice(first)];
}

function before([group, member]: Key, [otherGroup, otherMember]: Key): number {
  if (group !== otherGroup) return group < otherGroup ? -1 : 1;
  return member > otherMember ? -1 : 1;
}
