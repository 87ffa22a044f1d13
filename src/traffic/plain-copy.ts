/** Whether a value is an object of plain data, not of a class. */
export function isPlain(value: unknown): value is { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A copy of plain data. Objects of classes stay the same objects. `refuseCycle` is called for data that contains itself. */
export function plainCopy(value: unknown, refuseCycle: () => never, outer: readonly unknown[] = []): unknown {
  if (!Array.isArray(value) && !isPlain(value)) return value;
  if (outer.includes(value)) return refuseCycle();
  const copy = (item: unknown) => plainCopy(item, refuseCycle, [...outer, value]);
  return Array.isArray(value) ? value.map(copy) : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copy(item)]));
}

/** A copy of data without cycles, which the library gives out, so that no later change of it reaches the library. */
export function givenOut<T>(value: T): T {
  return plainCopy(value, () => undefined as never) as T;
}
