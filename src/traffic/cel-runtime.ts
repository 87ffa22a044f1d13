import type { CelCall } from './cel-syntax';
import { celProblem, celUses } from './cel-syntax';
import { nearest } from './nearest';
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

/** The variables of a request or a connection in Envoy's CEL. */
const VARIABLES = ['request', 'response', 'connection', 'upstream', 'source', 'destination', 'metadata', 'filter_state',
  'upstream_filter_state', 'xds'];
/** The first parts of the names of types and functions. */
const OTHER_NAMES = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'google', 're']);

/**
 * What is wrong with a filter of access logs. Envoy accepts a variable that it does not have, and its value is then an error: a filter
 * whose result is an error logs nothing.
 */
export function celFilterObjection(expression: string): Objection {
  const objection = celRuntimeObjection(expression);
  if (objection) return objection;
  const unknown = celUses(expression).variables.find(name => !VARIABLES.includes(name) && !OTHER_NAMES.has(name));
  if (unknown === undefined) return undefined;
  const close = nearest(unknown, VARIABLES);
  return [`reads '${unknown}', a variable that Envoy's CEL does not have`,
    close === undefined ? `use one of ${VARIABLES.join(', ')}` : `use ${close}`];
}
