import type { AdoptedSet } from './adopted-set';
import { proxiesOf } from '../foreign/translation';
import { judge, question } from '../fuzz/differential';
import type { FuzzCase } from '../fuzz/fuzz-case';
import type { Json } from '../istiod/client';
import { translate } from '../istiod/client';
import { normalize } from '../normalize';
import { RESOURCES } from '../translation';

/** What istiod sends for the sets, before and after. */
export interface ConfigurationComparison {
  readonly proxies: number;
  /** The number of proxies to which istiod sends the same listeners, routes, clusters and endpoints, apart from the names of routes. */
  readonly same: number;
  /** The sets and proxies with another form of configuration, which is as we translate it: the proof says that it decides the same. */
  readonly otherForm: readonly string[];
  readonly wrong: readonly string[];
}

function casesOf({ name, before, after }: AdoptedSet): readonly [FuzzCase, FuzzCase] {
  const proxies = proxiesOf(before);
  return [{ id: `${name}, before`, objects: before, proxies, meshConfig: {} }, { id: `${name}, after`, objects: after, proxies, meshConfig: {} }];
}

/** A configuration without what no request can see: names of routes, and Envoy's default of a match. */
function seen(value: Json): Json {
  if (Array.isArray(value)) return value.map(seen);
  if (typeof value !== 'object' || value === null) return value;
  const { caseSensitive, name, ...others } = value;
  const isNamedRoute = 'match' in value && ('route' in value || 'redirect' in value || 'directResponse' in value);
  return Object.fromEntries(Object.entries({
    ...others, ...(caseSensitive === false ? { caseSensitive } : {}), ...(isNamedRoute || name === undefined ? {} : { name }),
  }).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, seen(each)]));
}

/** Asks istiod for the configuration of each set before and after. Where they differ in form, both must be as we translate them. */
export async function compareConfigurations(sets: readonly AdoptedSet[]): Promise<ConfigurationComparison> {
  const pairs = sets.map(casesOf);
  const answers = new Map((await translate(pairs.flat().map(question))).map(answer => [answer.id, answer]));
  const wrong: string[] = [];
  const differing: { readonly pair: readonly [FuzzCase, FuzzCase]; readonly proxies: readonly string[] }[] = [];
  let [proxies, same] = [0, 0];
  for (const pair of pairs) {
    const [before, after] = pair.map(({ id }) => answers.get(id)!);
    if (before.error !== undefined || after.error !== undefined) {
      for (const { id, error } of [before, after]) if (error !== undefined) wrong.push(`${id}: istiod rejects it: ${error}`);
      continue;
    }
    const others = before.proxies.filter((config, i) => {
      const [was, is] = [config, after.proxies[i]].map(each => normalize(each));
      return RESOURCES.some(resource => JSON.stringify(seen(was[resource])) !== JSON.stringify(seen(is[resource])));
    });
    proxies += before.proxies.length;
    same += before.proxies.length - others.length;
    if (others.length > 0) differing.push({ pair, proxies: others.map(({ name }) => name) });
  }
  const judged = await judge(differing.flatMap(({ pair }) => pair));
  wrong.push(...judged.flatMap(({ each, mismatches }) => mismatches.map(mismatch => `${each.id}: ${mismatch}`)));
  return {
    proxies, same, wrong, otherForm: differing.flatMap(({ pair: [{ id }], proxies: names }) => names.map(name => `${id}: ${name}`)),
  };
}
