import type { Comparison, Subject } from './compare';
import { compareRequests } from './compare';
import { compareConnections } from './connections';
import { differingManagers, withEdges } from './edges';
import { inOneOrder } from './one-order';
import { acceptedNevertheless, partsOf } from './refused';
import { inputOf } from '../case';
import { casesForEnvoy } from '../cases';
import { question } from '../fuzz/differential';
import { trafficCase } from '../fuzz/traffic-case';
import type { TranslateCase } from '../istiod/client';
import { translate } from '../istiod/client';
import type { Report } from '../report';

/** The amounts of requests. */
export interface RequestsOptions {
  /** Use every n-th case. */
  readonly each: number;
  /** The number of generated meshes. */
  readonly meshes: number;
  /** The number of requests per proxy. */
  readonly count: number;
}

/** Sends generated requests through a real Envoy with istiod's configuration for each proxy, and through the simulator. */
export async function judgeRequests(report: Report, { each, meshes, count }: RequestsOptions): Promise<void> {
  const chosen = casesForEnvoy.filter((_, place) => place % each === 0)
    .map((c): TranslateCase => ({ ...c, id: c.name, manifests: inputOf(c) }));
  const generated = Array.from({ length: meshes }, (_, seed) => withEdges(question(trafficCase(seed + 1)), seed));
  await compareAll(report, 'of the cases', chosen, count);
  await compareAll(report, 'of generated meshes', generated, count);
}

async function compareAll(report: Report, what: string, asked: readonly TranslateCase[], count: number): Promise<void> {
  const answers = await translate(asked);
  const differing = answers.flatMap((answer, place) => (answer.error === undefined ? differingManagers(asked[place], answer.proxies) : []));
  report.add(`connection managers ${what} accept the same requests as istiod's`, differing);
  const sent = answers.flatMap((answer, place) => (answer.error !== undefined ? [] : answer.proxies.map(config => ({
    name: `${answer.id}: ${config.name}`,
    proxy: asked[place].proxies.find(({ name }) => name === config.name)!,
    seed: place + 1,
    // Faults and CORS need more requests.
    count: JSON.stringify(config.routes).includes('typedPerFilterConfig') ? 3 * count : count,
    ...partsOf(inOneOrder(config)),
  }))));
  const refused = sent.flatMap(subject => subject.refused);
  report.add(`a real Envoy refuses the resources ${what} that the simulator takes as refused`, await acceptedNevertheless(refused),
    `${refused.length} resources`);
  const waiting: Subject[] = sent.map(({ accepted, ...subject }) => ({ ...subject, config: accepted }));
  await judge(report, `a real Envoy treats requests ${what} as the simulator does`, 'requests', waiting, compareRequests);
  await judge(
    report,
    `a real Envoy treats connections ${what} as the simulator does`,
    'connections',
    waiting.map(inPart),
    compareConnections,
  );
}

/** Fewer connections than requests: they differ in less. */
function inPart(subject: Subject): Subject {
  return { ...subject, count: Math.ceil(subject.count / 3) };
}

type Compare = (subject: Subject) => Promise<Comparison>;

async function judge(report: Report, claim: string, unit: string, subjects: readonly Subject[], compare: Compare): Promise<void> {
  const waiting = [...subjects];
  const done: Comparison[] = [];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) done.push(await compared(next, compare));
  };
  await Promise.all([worker(), worker()]);
  const outcomes = new Map<string, number>();
  for (const [outcome, number] of done.flatMap(comparison => [...comparison.outcomes])) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + number);
  }
  const total = done.reduce((sum, { requests }) => sum + requests, 0);
  const figure = `${total} ${unit}: ${[...outcomes].sort().map(([outcome, number]) => `${number} ${outcome}`).join(', ')}`;
  report.add(claim, done.flatMap(({ wrong }) => wrong), figure);
}

async function compared(subject: Subject, compare: Compare): Promise<Comparison> {
  try {
    return await compare(subject);
  } catch (error) {
    return { requests: 0, outcomes: new Map(), wrong: [`${subject.name}: ${(error as Error).message}`] };
  }
}
