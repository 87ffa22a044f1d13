import type * as Table from '../envoy-messages.generated';

/** A field of a message: the type of its values, and the type of its keys if it is a map. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly isList: boolean;
  readonly key?: string;
}

/** A message has fields, which JSON names as in the definition or in camel case; an enum has values. */
export interface Definition {
  readonly name: string;
  readonly values?: ReadonlySet<string>;
  readonly fields: ReadonlyMap<string, Field>;
}

interface Definitions {
  readonly lines: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  readonly others: readonly string[];
}

let loaded: Definitions | undefined;
const read = new Map<string, Definition>();

const nameOf = (line: string) => /^[^ |]+/.exec(line)![0];

/** The table loads with the first EnvoyFilter, so that inputs without one do not pay for it. */
function definitions(): Definitions {
  if (loaded === undefined) {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { MESSAGES, OTHER_MESSAGES } = require('../envoy-messages.generated') as typeof Table;
    const lines = MESSAGES.trim().split('\n');
    loaded = { lines, positions: new Map(lines.map((line, i) => [nameOf(line), i])), others: OTHER_MESSAGES };
  }
  return loaded;
}

export function camelCase(name: string): string {
  return name.replace(/_+([a-z0-9])?/g, (_, letter?: string) => letter?.toUpperCase() ?? '');
}

function fieldOf(text: string): Field {
  const [name, written] = text.split('=');
  const [, isList, key, type] = /^(\*)?(?:(\w+)>)?(.+)$/.exec(written)!;
  const { lines } = definitions();
  return { name, isList: isList !== undefined, key, type: type.startsWith('#') ? nameOf(lines[Number(type.slice(1))]) : type };
}

/** A message or an enum by its full name; undefined for an unknown one. */
export function definitionOf(name: string): Definition | undefined {
  const known = read.get(name);
  if (known) return known;
  const { lines, positions } = definitions();
  const position = positions.get(name);
  if (position === undefined) return undefined;
  const [, ...fields] = lines[position].split(' ');
  const definition: Definition = lines[position].includes('|')
    ? { name, values: new Set(lines[position].split('|').slice(1)), fields: new Map() }
    : { name, fields: new Map(fields.map(fieldOf).flatMap(field => [[field.name, field], [camelCase(field.name), field]])) };
  read.set(name, definition);
  return definition;
}

/** Whether istiod knows a message that the table does not describe. */
export function isOtherMessage(name: string): boolean {
  return definitions().others.some(other => name === other || name.startsWith(`${other}.`));
}
