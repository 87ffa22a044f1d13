import { accessCase } from './access-case';
import { compareBuilderTestdata } from './builder-testdata';
import { accessFilters, reduced } from './reduced';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { Translator } from '../../src/envoy/translator';
import { describeDifference, differences } from '../difference';
import { question } from '../fuzz/differential';
import type { FuzzCase } from '../fuzz/fuzz-case';
import type { Json, ProxyConfig } from '../istiod/client';
import { translate } from '../istiod/client';
import type { Report } from '../report';

/** The number of cases per batch. */
const BATCH = 250;
/** The maximum share of cases that istiod may reject. */
const REFUSED = 0.1;

/** Compares the access rules of our translation with istiod: with its own tests, and on generated meshes. */
export async function judgeAccess(report: Report, count: number, first = 1): Promise<void> {
  const testdata = compareBuilderTestdata();
  report.add('our access filters are those that istiod\'s own tests expect', testdata.wrong, testdata.figure);
  const cases = Array.from({ length: count }, (_, i) => accessCase(first + i));
  const wrong: string[] = [];
  let refused = 0;
  for (let from = 0; from < count; from += BATCH) {
    const batch = cases.slice(from, from + BATCH);
    const answers = await translate(batch.map(question));
    batch.forEach((each, place) => {
      const answer = answers[place];
      if (answer.error === undefined) wrong.push(...compared(each, answer.proxies));
      else refused++;
    });
  }
  report.add(`our inbound listeners and gateways' access filters of ${count} generated meshes are istiod's`, [
    ...wrong, ...refused > count * REFUSED ? [`istiod refuses ${refused} of ${count} meshes`] : [],
  ], `${refused} refused`);
}

/** The differences of one mesh. */
export function compared(each: FuzzCase, answers: readonly ProxyConfig[]): string[] {
  const translator = new Translator(each.objects, { meshConfig: each.meshConfig as MeshConfigFields });
  return each.proxies.flatMap(proxy => {
    const theirs = answers.find(({ name }) => name === proxy.name)!.listeners;
    const [expected, actual] = proxy.type === 'gateway'
      ? [accessFilters(theirs), accessFilters(plain(translator.translate(proxy).listeners))]
      : [inbound(theirs), inbound(plain(translator.inbound(proxy).listeners))];
    return differences(actual, expected).map(difference => `seed ${each.id}: ${proxy.name}: ${describeDifference(difference)}`);
  });
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

function inbound(listeners: readonly Json[]): Json {
  return reduced(listeners.filter(({ trafficDirection }) => trafficDirection === 'INBOUND').map(sorted));
}

/** A listener with its chains by their matches, because their order has no meaning and varies in istiod. */
function sorted({ filterChains = [], ...listener }: Json): Json {
  const key = ({ filterChainMatch = {} }: Json) => JSON.stringify(Object.entries(filterChainMatch).sort());
  return { ...listener, filterChains: [...filterChains].sort((a: Json, b: Json) => (key(a) < key(b) ? -1 : 1)) };
}
