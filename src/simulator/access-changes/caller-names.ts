export const ANY_OTHER_WORKLOAD = 'any other workload';
export const IN_PLAINTEXT = 'callers in plaintext';

/** The workloads of a namespace whose service accounts are not known. */
export function workloadsOf(namespace: string): string {
  return `workloads of namespace ${namespace}`;
}

/** Short names for some of all callers, such as `every caller except shop/webapp`. */
export function callerNames(some: readonly string[], all: readonly string[]): readonly string[] {
  const own = new Set(some);
  const others = all.filter(name => !own.has(name));
  if (others.length === 0) return all.length > 1 ? ['every caller'] : some;
  if (!own.has(ANY_OTHER_WORKLOAD)) return withNamespaces(some, all);
  const every = own.has(IN_PLAINTEXT) ? 'every caller' : 'every workload';
  const names = withNamespaces(others.filter(name => name !== IN_PLAINTEXT), all);
  return [names.length === 0 ? every : `${every} except ${names.join(' and ')}`];
}

/** The names of callers, of which those of a whole namespace are one, such as `every workload of namespace shop`. */
function withNamespaces(some: readonly string[], all: readonly string[]): readonly string[] {
  const own = new Set(some);
  const whole = all.flatMap(name => {
    const start = `${name.startsWith(workloadsOf('')) ? name.slice(workloadsOf('').length) : ''}/`;
    if (start === '/' || !own.has(name)) return [];
    const accounts = all.filter(each => each.startsWith(start));
    const excepted = accounts.filter(each => !own.has(each));
    const every = `every workload of namespace ${start.slice(0, -1)}`;
    return [{ name, accounts, words: excepted.length === 0 ? every : `${every} except ${excepted.join(' and ')}` }];
  });
  const wordsOf = new Map(whole.map(({ name, words }) => [name, words]));
  const within = new Set(whole.flatMap(({ accounts }) => accounts));
  return some.filter(name => !within.has(name)).map(name => wordsOf.get(name) ?? name);
}
