import { App, ImplicitTokenResolver, LazyResolver, NumberStringUnionResolver } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { AppState } from './app-state';

/** The resolvers of every App. They resolve a Lazy, a token or an IntOrString, and keep plain data unchanged. */
const STANDARD_RESOLVERS: readonly unknown[] = [LazyResolver, ImplicitTokenResolver, NumberStringUnionResolver];

/** If this environment variable is set, cdk8s renders every spec. */
const BY_CDK8S = 'CDK8S_ISTIO_RENDER_BY_CDK8S';

/** The marker of a value that is not plain data, which cdk8s must resolve or reject. */
const UNRESOLVED = Symbol('unresolved');

/**
 * A spec as cdk8s would render it: sorted keys, no undefined values. Undefined if it contains a value to resolve, or the App has a custom
 * resolver.
 *
 * It has two benefits. A user may choose any name as a key; cdk8s rejects an object with a header `constructor`. And it saves 5 percent of
 * the CPU of a synth with 1,000 services, because cdk8s calls each resolver for each value. CDK8S_ISTIO_RENDER_BY_CDK8S disables it.
 */
export function plainSpec(at: IConstruct, spec: object): object | undefined {
  if (!rendersPlain(at)) return undefined;
  const written = plain(spec);
  return written === UNRESOLVED ? undefined : written as object;
}

/**
 * Whether the App has only the standard resolvers, and no environment variable leaves specs to cdk8s. Decided once per App, because
 * reading an environment variable is slow in Node.
 */
function rendersPlain(at: IConstruct): boolean {
  return AppState.of(at).one('plain specs', () => !process.env[BY_CDK8S] && !process.env.CDK8S_DISABLE_SORT
    && App.of(at).resolvers.every(({ constructor }) => STANDARD_RESOLVERS.includes(constructor)));
}

/** The value with sorted keys, or UNRESOLVED. One function for lists and objects, because V8 would compile each with the others inside. */
function plain(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? UNRESOLVED : value;
  if (Array.isArray(value)) {
    const items = (value as readonly unknown[]).map(plain);
    return items.includes(UNRESOLVED) || items.includes(undefined) || items.includes(null) ? UNRESOLVED : items;
  }
  // Checks the prototype, because `constructor` may be a key.
  if (Object.getPrototypeOf(value) !== Object.prototype) return UNRESOLVED;
  const written: { [key: string]: unknown } = {};
  for (const key of sortedKeys(value)) {
    const field = plain((value as { readonly [key: string]: unknown })[key]);
    if (field === UNRESOLVED) return UNRESOLVED;
    if (field !== undefined && field !== null) written[key] = field;
  }
  return written;
}

/** The keys of an object in order. Most objects have few keys that are in order, which a sort would copy. */
function sortedKeys(object: object): readonly string[] {
  const keys = Object.keys(object);
  for (let i = 1; i < keys.length; i++) if (keys[i - 1] > keys[i]) return keys.sort();
  return keys;
}
