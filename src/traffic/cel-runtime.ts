import type { CelCall } from './cel-syntax';
import { celProblem, celUses } from './cel-syntax';
import type { Objection } from './objection';
import { regexObjection } from './re2';

/** Functions of one argument that Envoy's CEL has, without a receiver. */
const CONVERSIONS = new Set(['timestamp', 'duration', 'int', 'uint', 'double', 'bool', 'bytes', 'dyn', 'type']);
/** Functions of two strings, of which the first may be the receiver. */
const COMPARISONS = new Set(['startsWith', 'endsWith', 'contains', 'matches']);
/** Methods of a time, with an optional time zone. */
const TIMES = new Set(['getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear', 'getFullYear', 'getHours', 'getMilliseconds', 'getMinutes',
  'getMonth', 'getSeconds']);
/** Functions on regexes, by their number of arguments. */
const REGEXES: { readonly [name: string]: number } = { extract: 3, capture: 2, captureN: 2 };
/** How deep operations may nest. Operands of `&&` and `||` stand side by side. */
const HIGHEST = 32;
/** Macros, which loop over a list; Envoy has none of them. */
const LOOPS = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

function isKnown({ name, receiver, parameters }: CelCall): boolean {
  const count = parameters.length + (receiver === undefined ? 0 : 1);
  if (name === 'has') return receiver === undefined && count === 1;
  if (name === 'size') return count === 1;
  if (COMPARISONS.has(name)) return count === 2;
  if (TIMES.has(name)) return receiver !== undefined && count <= 2;
  if (CONVERSIONS.has(name)) return receiver === undefined && count === 1;
  return receiver === 're' && Object.hasOwn(REGEXES, name) && parameters.length === REGEXES[name];
}

/** A raw string, or a string without escapes. */
const CONSTANT = /^(?:[rR](["'])((?:(?!\1).)+)\1|(["'])((?:(?!\3)[^\\])+)\3)$/;

/** The problem of a constant regex, which Envoy compiles with the expression. */
function constantRegex({ name, parameters }: CelCall): Objection {
  const [, , raw, , plain] = CONSTANT.exec(name === 'matches' ? parameters[parameters.length - 1] ?? '' : '') ?? [];
  const regex = raw ?? plain;
  return regex === undefined ? undefined : regexObjection(regex);
}

/** What is wrong with an expression for Envoy's CEL, which has fewer functions than the language. */
export function celRuntimeObjection(expression: string): Objection {
  const problem = celProblem(expression);
  if (problem) return problem;
  const { calls, messages, height } = celUses(expression);
  if (height > HIGHEST) return [`nests ${height} operations, and Envoy's CEL takes at most ${HIGHEST}`, 'split it, or write it flatter'];
  for (const call of calls) {
    if (LOOPS.has(call.name) && !isKnown(call)) return [`uses ${call.name}(), and Envoy's CEL has no loops`, 'compare single values'];
    if (!isKnown(call)) {
      const { length } = call.parameters;
      return [`calls ${call.name}() with ${length} ${length === 1 ? 'argument' : 'arguments'}, which Envoy's CEL does not have`,
        'use another function'];
    }
    const regex = constantRegex(call);
    if (regex) return regex;
  }
  const unknown = messages.find(name => !name.startsWith('google.protobuf.'));
  return unknown === undefined ? undefined : [`creates a message '${unknown}', which Envoy's CEL does not know`, 'compare single values'];
}
