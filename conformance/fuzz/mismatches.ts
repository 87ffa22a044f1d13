import type { FuzzCase } from './fuzz-case';
import type { Difference } from '../difference';
import { differences } from '../difference';
import type { Answer, Json, ProxyConfig } from '../istiod/client';
import { translate } from '../istiod/client';
import { normalize } from '../normalize';

/** The parts of a configuration that are compared. */
export type Part = 'clusters' | 'endpoints' | 'listeners' | 'routes';

/** Our translation of one proxy of a case. */
export type Translation = (each: FuzzCase, proxy: FuzzCase['proxies'][number]) => Omit<ProxyConfig, 'name'>;

/** What became of one case. */
export interface Outcome {
  readonly each: FuzzCase;
  /** Why istiod refuses the case; then nothing is compared. */
  readonly refusal?: string;
  readonly mismatches: readonly string[];
}

/** Asks istiod about cases, and compares our own translation. */
export async function outcomes(cases: readonly FuzzCase[], ours: Translation, parts: readonly Part[]): Promise<Outcome[]> {
  const answers = await translate(cases.map(({ id, objects, proxies, meshConfig }) => ({
    id, manifests: objects.map(each => JSON.stringify(each)).join('\n---\n'), proxies, meshConfig: JSON.stringify(meshConfig),
  })));
  const byId = new Map(answers.map(answer => [answer.id, answer]));
  return cases.map(each => outcomeOf(each, byId.get(each.id)!, ours, parts));
}

function outcomeOf(each: FuzzCase, answer: Answer<{ proxies: ProxyConfig[] }>, ours: Translation, parts: readonly Part[]): Outcome {
  if (answer.error !== undefined) return { each, refusal: answer.error, mismatches: [] };
  const mismatches = answer.proxies.flatMap((theirs, place) => compared(each, each.proxies[place], theirs, ours, parts));
  return { each, mismatches };
}

function compared(each: FuzzCase, proxy: FuzzCase['proxies'][number], theirs: ProxyConfig, ours: Translation, parts: readonly Part[]): string[] {
  const chosen = (config: Json) => Object.fromEntries(parts.map(part => [part, config[part]]));
  let made: Json;
  try {
    made = normalize({ name: proxy.name, ...ours(each, proxy) });
  } catch (error) {
    return [`${proxy.name}: ${(error as Error).stack}`];
  }
  const plain = (config: Json) => JSON.parse(JSON.stringify(chosen(config)));
  return differences(plain(normalize(theirs)), plain(made)).map(difference => `${proxy.name}: ${inWords(difference)}`);
}

function inWords({ field, expected, actual }: Difference): string {
  return `${field}: istiod says ${JSON.stringify(expected)}, we say ${JSON.stringify(actual)}`;
}
