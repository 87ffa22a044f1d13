import type { IConstruct } from 'constructs';
import { fail } from '../traffic/problem';

/** By which cdktf and cdktn know their stacks. */
const STACK = Symbol.for('cdktf/TerraformStack');

/** What is used of a TerraformStack. */
export interface Stack extends IConstruct {
  addDependency(other: Stack): void;
}

/** The TerraformStack that a construct stands in. */
export function stackOf(scope: IConstruct): Stack {
  return (scope.node.scopes.reverse().find(s => STACK in s) as Stack | undefined) ?? fail(scope, 'it stands in no TerraformStack; make it in one');
}
