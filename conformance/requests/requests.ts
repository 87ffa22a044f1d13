import type { Comparison, Subject } from './compare';
import { compareRequests } from './compare';
import { inputOf } from '../../test/conformance/case';
import { cases } from '../../test/conformance/cases';
import { translate } from '../istiod/client';
import type { Report } from '../report';

/** Sends so many requests through a real Envoy for each proxy of the cases (of every `each`-th of them), and the same through the simulator. */
export async function judgeRequests(report: Report, { each, count }: { readonly each: number; readonly count: number }): Promise<void> {
  const chosen = cases.filter((_, place) => place % each === 0);
  const answers = await translate(chosen.map(c => ({ ...c, id: c.name, manifests: inputOf(c) })));
  const waiting: Subject[] = answers.flatMap((answer, place) => (answer.error !== undefined ? [] : answer.proxies.map(config => ({
    name: `${answer.id}: ${config.name}`,
    proxy: chosen[place].proxies.find(({ name }) => name === config.name)!,
    config,
    seed: place + 1,
    // Faults and CORS have more to be asked about.
    count: JSON.stringify(config.routes).includes('typedPerFilterConfig') ? 3 * count : count,
  }))));
  const done: Comparison[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) done.push(await compared(next));
  };
  await Promise.all([worker(), worker()]);
  const outcomes = new Map<string, number>();
  for (const [outcome, number] of done.flatMap(comparison => [...comparison.outcomes])) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + number);
  const total = done.reduce((sum, { requests }) => sum + requests, 0);
  const figure = `${total} requests: ${[...outcomes].sort().map(([outcome, number]) => `${number} ${outcome}`).join(', ')}`;
  report.add('a real Envoy does with requests what the simulator says', done.flatMap(({ wrong }) => wrong), figure);
}

async function compared(subject: Subject): Promise<Comparison> {
  try {
    return await compareRequests(subject);
  } catch (error) {
    return { requests: 0, outcomes: new Map(), wrong: [`${subject.name}: ${(error as Error).message}`] };
  }
}
