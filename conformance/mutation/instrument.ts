import { createHash } from 'node:crypto';
import * as ts from 'typescript';
import { mistakesAt } from './mistakes';

/**
 * A mistake at a place, identified by the mistake, the function and the text of the place. Line and file are not used, because a
 * refactoring moves them.
 */
export interface Mutant {
  readonly id: number;
  readonly where: string;
  readonly mistake: string;
  readonly text: string;
  /** Whether the place runs only when its module loads. */
  readonly isStatic: boolean;
}

/** The name of the switchboard in the mutated program. */
export const SWITCHBOARD = '__mutation';

const { factory } = ts;

/** A mutant in words, as a stable key. */
export function keyOf({ where, mistake, text }: Mutant): string {
  return `${where}: ${mistake}: ${text}`;
}

/** A stable number of a mutant, independent of other mutants. */
export function placeOf(mutant: Mutant): number {
  return createHash('sha256').update(keyOf(mutant)).digest().readUInt32BE() / 2 ** 32;
}

/** Compiles a module with all its mistakes, each behind a switch, and returns them. */
export function instrumented(source: string, fileName: string, known: Mutant[]): string {
  const { outputText } = ts.transpileModule(source, {
    fileName,
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true },
    transformers: { before: [context => file => ts.visitNode(file, node => visited(node, context, known)) as ts.SourceFile] },
  });
  return outputText;
}

function visited(node: ts.Node, context: ts.TransformationContext, known: Mutant[]): ts.Node {
  if (ts.isTypeNode(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isImportDeclaration(node)) {
    return node;
  }
  const inner = withTurns(ts.visitEachChild(node, child => visited(child, context, known), context));
  if (ts.isSourceFile(node)) return inner;
  const mistakes = mistakesAt(node);
  if (mistakes.length === 0) return inner;
  const register = (mistake: string) => {
    const id = known.length;
    known.push({ id, mistake, where: nameOf(node), text: textOf(node), isStatic: isStatic(node) });
    return asked('is', factory.createNumericLiteral(id));
  };
  return mistakes.reduce((result, { name, instead }) => (instead === undefined
    ? factory.createBlock([factory.createIfStatement(factory.createLogicalNot(register(name)), result as ts.Statement)])
    : factory.createParenthesizedExpression(factory.createConditionalExpression(
      register(name), undefined, factory.createParenthesizedExpression(instead), undefined, result as ts.Expression))), inner);
}

function asked(what: string, ...values: readonly ts.Expression[]): ts.Expression {
  return factory.createCallExpression(
    factory.createPropertyAccessExpression(factory.createIdentifier(SWITCHBOARD), what),
    undefined,
    values,
  );
}

/** A loop that counts its iterations. */
function withTurns(node: ts.Node): ts.Node {
  const counted = (body: ts.Statement) => factory.createBlock([factory.createExpressionStatement(asked('turn')), body]);
  if (ts.isWhileStatement(node)) return factory.updateWhileStatement(node, node.expression, counted(node.statement));
  if (ts.isForStatement(node)) {
    return factory.updateForStatement(node, node.initializer, node.condition, node.incrementor, counted(node.statement));
  }
  if (ts.isForOfStatement(node)) {
    return factory.updateForOfStatement(node, node.awaitModifier, node.initializer, node.expression, counted(node.statement));
  }
  return ts.isDoStatement(node) ? factory.updateDoStatement(node, counted(node.statement), node.expression) : node;
}

function ancestors(node: ts.Node): ts.Node[] {
  return node.parent === undefined ? [] : [node.parent, ...ancestors(node.parent)];
}

/** The names of the enclosing declarations, the outermost first: class and method, function, or constant. */
function nameOf(node: ts.Node): string {
  const named = ancestors(node).filter(
    each => ts.isClassElement(each) || ts.isClassLike(each) || ts.isFunctionDeclaration(each) || isConstant(each),
  );
  return named
    .reverse()
    .map(each => (ts.isConstructorDeclaration(each) ? 'constructor' : ((each as ts.NamedDeclaration).name?.getText() ?? '')))
    .join('.');
}

/** A variable of a module. */
function isConstant(node: ts.Node): boolean {
  return ts.isVariableDeclaration(node) && ts.isSourceFile(node.parent.parent.parent);
}

function textOf(node: ts.Node): string {
  return node.getText().replace(/\s+/g, ' ');
}

/** Whether a node runs when its module loads: it is not in a function or an instance field. */
function isStatic(node: ts.Node): boolean {
  const hasStatic = (field: ts.PropertyDeclaration) =>
    ts.getModifiers(field)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) ?? false;
  return ancestors(node).every(each => !ts.isFunctionLike(each) && !(ts.isPropertyDeclaration(each) && !hasStatic(each)));
}
