import type { IConstruct } from 'constructs';
import { fail } from '../traffic/problem';

/** The symbol that marks a stack of cdktf or cdktn. */
const STACK = Symbol.for('cdktf/TerraformStack');

/** The part of a TerraformStack that is used. */
export interface Stack extends IConstruct {
  addDependency(other: Stack): void;
}

/** The TerraformStack that contains a construct. */
export function stackOf(scope: IConstruct): Stack {
  return (
    (scope.node.scopes.reverse().find(s => STACK in s) as Stack | undefined)
    ?? fail(scope, 'it is not in a TerraformStack; create it in one')
  );
}
