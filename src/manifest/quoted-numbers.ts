import type { FieldShapes, Shape } from './shape';

const NUMBERS: ReadonlySet<Shape> = new Set<Shape>(['integer', 'number', 'port']);
const QUOTED = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A value in which numbers in quotes, such as `port: "9000"`, are numbers, as Istio reads what it does not get from Kubernetes. */
export function withNumbers(shape: Shape, value: unknown): unknown {
  return converted(shape, value, new Map());
}

/** `seen` has the results of lists and objects. YAML aliases may put one of them in many places. */
function converted(shape: Shape, value: unknown, seen: Map<unknown, unknown>): unknown {
  if (typeof shape === 'string') return NUMBERS.has(shape) && typeof value === 'string' && QUOTED.test(value) ? Number(value) : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(shape)) return value;
  if (seen.has(value)) return seen.get(value);
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    seen.set(value, items);
    for (const item of value) items.push(converted((shape as readonly [Shape])[0], item, seen));
    return items;
  }
  const fields: { [field: string]: unknown } = {};
  seen.set(value, fields);
  const { '*': ofAll = 'anything' } = shape as FieldShapes;
  for (const [field, item] of Object.entries(value)) {
    const own = field !== '!' && Object.hasOwn(shape, field) ? (shape as FieldShapes)[field] : ofAll;
    fields[field] = converted(own as Shape, item, seen);
  }
  return fields;
}
