// Makes the compiled main entry load each module at the first use of its exports, because a program uses few of them. With this step,
// loading the library and cdk8s takes about 1.4 times as long as only cdk8s, without it about 1.8 times (`npm run bench:load`).
// LAZY_EXPORTS=off keeps the entry that jsii writes.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const FILE = join(dirname(fileURLToPath(import.meta.url)), '../lib/src/index.js');
const LAZILY =
  'const lazily = (name, load) => Object.defineProperty(exports, name, { enumerable: true, configurable: true, get: () => load()[name] });';

/** Removes each `var x = require(path)`, and loads it in the getter of each of its exports. */
function lazy(text) {
  const source = ts.createSourceFile('index.js', text, ts.ScriptTarget.ES2022, true, ts.ScriptKind.JS);
  const modules = new Map();
  const edits = [];
  for (const statement of source.statements) {
    const required = requiredModule(statement);
    const exported = required ? undefined : exportedMember(statement);
    if (required) {
      modules.set(required.name, required.path);
      edits.push({ statement, text: '' });
    } else if (exported && modules.has(exported.module)) {
      edits.push({ statement, text: `lazily("${exported.name}", () => require("${modules.get(exported.module)}"));` });
    } else {
      const used = identifiersIn(statement).find(name => modules.has(name));
      if (used !== undefined) throw new Error(`lazy-exports: '${statement.getText()}' uses ${used} in an unknown way`);
    }
  }
  // `exports.X = void 0` stays at the top, because Node's ES module loader finds the names there.
  return edits.length === 0 ? text : edited(text, [...edits, { position: endOfPrologue(source), text: `\n${LAZILY}` }]);
}

/** The name and the path of `var name = require("path")`. */
function requiredModule(statement) {
  if (!ts.isVariableStatement(statement) || statement.declarationList.declarations.length !== 1) return undefined;
  const [{ name, initializer }] = statement.declarationList.declarations;
  const isCall = initializer && ts.isCallExpression(initializer) && initializer.expression.getText() === 'require';
  const [path] = isCall ? initializer.arguments : [];
  return path && ts.isStringLiteral(path) ? { name: name.getText(), path: path.text } : undefined;
}

/** The parts of `Object.defineProperty(exports, "name", { enumerable: true, get: function () { return module.name; } })`. */
function exportedMember(statement) {
  const call = ts.isExpressionStatement(statement) ? statement.expression : undefined;
  if (!call || !ts.isCallExpression(call) || call.expression.getText() !== 'Object.defineProperty' || call.arguments.length !== 3)
    return undefined;
  const [, name, descriptor] = call.arguments;
  const getter = descriptor.properties?.find(property => property.name.getText() === 'get')?.initializer;
  const [returned] = getter?.body?.statements ?? [];
  const member = returned && ts.isReturnStatement(returned) ? returned.expression : undefined;
  if (!member || !ts.isPropertyAccessExpression(member) || member.name.text !== name.text) return undefined;
  return { name: name.text, module: member.expression.getText() };
}

function identifiersIn(node) {
  const names = [];
  const visit = part => {
    if (ts.isIdentifier(part)) names.push(part.text);
    ts.forEachChild(part, visit);
  };
  visit(node);
  return names;
}

/** The position after `"use strict"` and the ES module marker. */
function endOfPrologue({ statements }) {
  const mark = statements.find(statement => identifiersIn(statement).includes('exports'));
  return mark.end;
}

function edited(text, edits) {
  const places = edits.map(({ statement, position, text: put }) => ({
    from: position ?? statement.getStart(),
    to: position ?? statement.end,
    put,
  }));
  return places.sort((a, b) => b.from - a.from).reduce((whole, { from, to, put }) => {
    // An empty line is removed.
    const end = put === '' && whole[to] === '\n' ? to + 1 : to;
    return whole.slice(0, from) + put + whole.slice(end);
  }, text);
}

if (process.env.LAZY_EXPORTS !== 'off') {
  const compiled = readFileSync(FILE, 'utf8');
  const changed = lazy(compiled);
  if (changed !== compiled) writeFileSync(FILE, changed);
}
