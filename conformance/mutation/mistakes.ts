import * as ts from 'typescript';

/** A possible mistake at one place of a program. */
export interface Mistake {
  readonly name: string;
  /** The replacement expression; undefined if a statement is removed. */
  readonly instead?: ts.Expression;
}

const { factory, SyntaxKind: Kind } = ts;
const TRUE = () => factory.createTrue();
const FALSE = () => factory.createFalse();

/** The mistaken variants of each comparison: its opposite, and an off-by-one variant if there is one. */
const COMPARISONS: ReadonlyMap<ts.SyntaxKind, readonly ts.BinaryOperator[]> = new Map([
  [Kind.EqualsEqualsEqualsToken, [Kind.ExclamationEqualsEqualsToken]],
  [Kind.ExclamationEqualsEqualsToken, [Kind.EqualsEqualsEqualsToken]],
  [Kind.LessThanToken, [Kind.LessThanEqualsToken, Kind.GreaterThanEqualsToken]],
  [Kind.LessThanEqualsToken, [Kind.LessThanToken, Kind.GreaterThanToken]],
  [Kind.GreaterThanToken, [Kind.GreaterThanEqualsToken, Kind.LessThanEqualsToken]],
  [Kind.GreaterThanEqualsToken, [Kind.GreaterThanToken, Kind.LessThanToken]],
]);

const CHOICES = new Set<ts.SyntaxKind>([Kind.AmpersandAmpersandToken, Kind.BarBarToken, Kind.QuestionQuestionToken]);
const ORDERED = new Set<ts.SyntaxKind>([Kind.MinusToken, Kind.SlashToken]);

/** Methods that return their receiver, filtered or in another order. */
const REFINEMENTS = new Set(['filter', 'sort', 'reverse', 'slice', 'toLowerCase', 'trim', 'flat', 'replace']);

/** Methods that are easily confused. */
const NEIGHBOURS: ReadonlyMap<string, string> = new Map([
  ['some', 'every'], ['every', 'some'], ['startsWith', 'endsWith'], ['endsWith', 'startsWith'], ['min', 'max'], ['max', 'min'],
  ['floor', 'ceil'],
  ['trunc', 'ceil'], ['keys', 'values'],
]);

/** The possible mistakes in place of a node. */
export function mistakesAt(node: ts.Node): Mistake[] {
  if (ts.isExpressionStatement(node)) return [{ name: 'statement left out' }];
  if (!isReplaceable(node)) return [];
  return [...asCondition(node), ...asSpread(node), ...asField(node), ...asItem(node), ...ofExpression(node)];
}

/** Whether another expression can replace the node. */
function isReplaceable(node: ts.Node): node is ts.Expression {
  if (!ts.isExpression(node) || ts.isTypeNode(node)) return false;
  const { parent } = node;
  // A mistake in an optional chain would affect its end.
  if (ts.isOptionalChain(parent) && parent.expression === node) return false;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return false;
  return !ts.isLiteralTypeNode(parent) && !isName(node, parent);
}

function isName(node: ts.Node, parent: ts.Node): boolean {
  return ('name' in parent && parent.name === node) || ('propertyName' in parent && parent.propertyName === node)
    || ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isComputedPropertyName(parent);
}

function asCondition(node: ts.Expression): Mistake[] {
  const { parent } = node;
  if ((ts.isIfStatement(parent) && parent.expression === node) || (ts.isConditionalExpression(parent) && parent.condition === node)) {
    return [{ name: 'condition always true', instead: TRUE() }, { name: 'condition always false', instead: FALSE() }];
  }
  return ts.isWhileStatement(parent) && parent.expression === node ? [{ name: 'condition always false', instead: FALSE() }] : [];
}

function asSpread(node: ts.Expression): Mistake[] {
  if (ts.isSpreadElement(node.parent)) return [{ name: 'spread left out', instead: factory.createArrayLiteralExpression() }];
  return ts.isSpreadAssignment(node.parent) ? [{ name: 'spread left out', instead: factory.createObjectLiteralExpression() }] : [];
}

function asField(node: ts.Expression): Mistake[] {
  const { parent } = node;
  if (!ts.isPropertyAssignment(parent) || parent.initializer !== node || ts.isFunctionLike(node)) return [];
  return [{ name: 'field left out', instead: factory.createIdentifier('undefined') }];
}

function asItem(node: ts.Expression): Mistake[] {
  const { parent } = node;
  const at =
    ts.isArrayLiteralExpression(parent) && parent.elements.length > 1 && !ts.isSpreadElement(node) ? parent.elements.indexOf(node) : -1;
  if (at < 0) return [];
  const { elements } = parent as ts.ArrayLiteralExpression;
  // An item of a pair is not a choice among several: its neighbor would take its place.
  return [{ name: 'item of its neighbor', instead: elements[(at + 1) % elements.length] }].filter(
    ({ instead }) => !ts.isSpreadElement(instead),
  );
}

function ofExpression(node: ts.Expression): Mistake[] {
  if (ts.isBinaryExpression(node)) return ofBinary(node);
  if (ts.isPrefixUnaryExpression(node) && node.operator === Kind.ExclamationToken) {
    return [{ name: 'negation left out', instead: node.operand }];
  }
  if (ts.isCallExpression(node)) return ofCall(node);
  if (node.kind === Kind.TrueKeyword) return [{ name: 'false for true', instead: FALSE() }];
  if (node.kind === Kind.FalseKeyword) return [{ name: 'true for false', instead: TRUE() }];
  if (ts.isNumericLiteral(node)) return [{ name: 'number off by one', instead: factory.createNumericLiteral(Number(node.text) + 1) }];
  if (ts.isStringLiteral(node)) return [{ name: 'another string', instead: factory.createStringLiteral(`${node.text}~`) }];
  return [];
}

function ofBinary({ left, operatorToken: { kind }, right }: ts.BinaryExpression): Mistake[] {
  if (CHOICES.has(kind)) return [{ name: 'left side alone', instead: left }, { name: 'right side alone', instead: right }];
  if (ORDERED.has(kind)) {
    return [{ name: 'sides swapped', instead: factory.createBinaryExpression(right, kind as ts.BinaryOperator, left) }];
  }
  return (COMPARISONS.get(kind) ?? [])
    .map(other => ({
      name: `${ts.tokenToString(other)} for ${ts.tokenToString(kind)}`,
      instead: factory.createBinaryExpression(left, other, right),
    }));
}

function ofCall(node: ts.CallExpression): Mistake[] {
  const { expression: called, arguments: given } = node;
  const again = (callee: ts.Expression, values: readonly ts.Expression[]) => (ts.isCallChain(node)
    ? factory.createCallChain(callee, node.questionDotToken, undefined, values)
    : factory.createCallExpression(callee, undefined, values));
  const swapped = given.length >= 2 && given.slice(0, 2).every(isPlain) && given[0].getText() !== given[1].getText()
    ? [{ name: 'arguments swapped', instead: again(called, [given[1], given[0], ...given.slice(2)]) }] : [];
  if (!ts.isPropertyAccessExpression(called)) return swapped;
  const method = called.name.text;
  const other = NEIGHBOURS.get(method);
  const neighbour = other === undefined ? [] : [{ name: `${other} for ${method}`, instead: again(renamed(called, other), given) }];
  return [...swapped, ...neighbour, ...(REFINEMENTS.has(method) ? [{ name: `${method} left out`, instead: called.expression }] : [])];
}

function renamed(called: ts.PropertyAccessExpression, name: string): ts.Expression {
  return ts.isPropertyAccessChain(called)
    ? factory.createPropertyAccessChain(called.expression, called.questionDotToken, name)
    : factory.createPropertyAccessExpression(called.expression, name);
}

/** Arguments that could be swapped unnoticed. */
function isPlain(value: ts.Expression): boolean {
  return ts.isIdentifier(value) || ts.isPropertyAccessExpression(value);
}
