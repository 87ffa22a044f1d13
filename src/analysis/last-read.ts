/**
 * The object of which something was read last before `use` failed: the fault is in what it makes of that object. Undefined where `use` does
 * not fail, or reads nothing before. `prepare` may read objects too; that says nothing.
 */
export function lastRead<T extends object>(objects: readonly T[], prepare: (traced: readonly T[]) => () => unknown): T | undefined {
  let last: T | undefined;
  const trace = (value: object, owner: T, known: Map<object, object>): object => {
    const proxy = known.get(value) ?? new Proxy(Object.isFrozen(value) ? copyOf(value) : value, {
      get: (target, key) => {
        last = owner;
        const field: unknown = Reflect.get(target, key);
        return typeof field === 'object' && field !== null ? trace(field, owner, known) : field;
      },
    });
    known.set(value, proxy);
    return proxy;
  };
  const use = prepare(objects.map(object => trace(object, object, new Map()) as T));
  last = undefined;
  try {
    use();
    return undefined;
  } catch {
    return last;
  }
}

/** A copy of a frozen value, of which a proxy may give other fields. */
function copyOf(value: object): object {
  return Array.isArray(value) ? [...value as unknown[]] : { ...value };
}
