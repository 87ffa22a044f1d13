import type { Breach } from './breach';
import type { Constraints, FieldConstraint, Limits } from './constraint';
import { CONSTRAINTS } from './constraints.generated';

const TYPE_URL = 'type.googleapis.com/';
const ANY = 'google.protobuf.Any';

/** What breaks the constraints of Envoy's API definitions in a message, the messages of its extensions included. */
export function constraintBreaches(message: object, type: string): readonly Breach[] {
  const breaches: Breach[] = [];
  new Check(breaches).message(message, type);
  return breaches;
}

class Check {
  /** Where the check is. Hardly any value breaks a constraint, so that only those that do get a path of their own. */
  private readonly path: (string | number)[] = [];

  constructor(private readonly breaches: Breach[], private readonly constraints: Constraints = CONSTRAINTS) {}

  public message(message: object, type: string): void {
    const constraints = this.constraints[type];
    if (constraints === undefined) return;
    const values = message as { readonly [field: string]: unknown };
    for (const field in values) {
      if (!Object.hasOwn(constraints, field)) continue;
      this.path.push(field);
      this.field(values[field], constraints[field]);
      this.path.pop();
    }
  }

  private field(value: unknown, { message, map, limits }: FieldConstraint): void {
    if (Array.isArray(value)) {
      if (limits?.maxItems !== undefined && value.length > limits.maxItems) this.add(value, `must have at most ${limits.maxItems} items`);
      for (let i = 0; i < value.length; i++) this.within(i, value[i], message, limits);
    } else if (map && value !== undefined) {
      for (const [key, item] of Object.entries(value as object)) this.within(key, item, message, limits);
    } else if (value !== undefined) {
      this.value(value, message, limits);
    }
  }

  private within(step: string | number, item: unknown, message: string | undefined, limits: Limits | undefined): void {
    this.path.push(step);
    this.value(item, message, limits);
    this.path.pop();
  }

  private value(value: unknown, message: string | undefined, limits: Limits | undefined): void {
    const broken = limits && brokenLimit(value, limits);
    if (broken !== undefined) this.add(value, broken);
    if (message === undefined || typeof value !== 'object' || value === null) return;
    const type = message === ANY ? String((value as { readonly '@type'?: string })['@type']).slice(TYPE_URL.length) : message;
    this.message(value, type);
  }

  private add(value: unknown, limit: string): void {
    this.breaches.push({ path: [...this.path], value, limit });
  }
}

// eslint-disable-next-line no-control-regex
const SEVERAL_LINES = /[\u0000\n\r]/;

function brokenLimit(value: unknown, limits: Limits): string | undefined {
  if (typeof value === 'number') return brokenBound(value, limits, '');
  if (typeof value !== 'string') return undefined;
  const { minLength, maxLength, maxBytes, oneLine, pattern, least, most, above, below } = limits;
  if (minLength !== undefined && value.length < minLength) {
    return minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`;
  }
  if (maxLength !== undefined && [...value].length > maxLength) return `must have at most ${maxLength} characters`;
  if (maxBytes !== undefined && Buffer.byteLength(value) > maxBytes) return `must have at most ${maxBytes} bytes`;
  if (oneLine && SEVERAL_LINES.test(value)) return 'must have no line break and no NUL';
  if (pattern !== undefined && !new RegExp(pattern, 'u').test(value)) return `must match ${pattern}`;
  if (least === undefined && most === undefined && above === undefined && below === undefined) return undefined;
  // Durations and 64-bit integers are strings.
  return brokenBound(parseFloat(value), limits, value.endsWith('s') ? 's' : '');
}

function brokenBound(value: number, { least, most, above, below }: Limits, unit: string): string | undefined {
  if (least !== undefined && value < least) return `must be at least ${least}${unit}`;
  if (above !== undefined && value <= above) return `must be more than ${above}${unit}`;
  if (most !== undefined && value > most) return `must be at most ${most}${unit}`;
  return below !== undefined && value >= below ? `must be less than ${below}${unit}` : undefined;
}
