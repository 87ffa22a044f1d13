import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { answerOf } from './answer';
import type { ConversionQuestion } from './conversions';
import type { Judgement, Verdict } from './judgement';
import { isGuarded } from './judgement';
import { firstQuestions } from './questions';
import { UNGUARDED } from './unguarded';
import type { Asked } from './worker';
import { accessCase } from '../access/access-case';
import { accessDifferences } from '../access/comparison';
import { questionOf } from '../case';
import { cases } from '../cases';
import { keptConditions } from '../foreign/gateway-api-conditions';
import { casesOf } from '../fuzz/campaign';
import { compareWithOurs, question } from '../fuzz/differential';
import { gatewayApiCase } from '../fuzz/gateway-api-case';
import { waypointCase } from '../fuzz/waypoint-case';
import type { TranslateCase } from '../istiod/client';
import { translate } from '../istiod/client';
import type { Report } from '../report';

/** The number of generated meshes per batch for istiod. */
const BATCH = 100;
const WORKERS = 2;
/** For so many generated meshes there is one about who may call. */
const ACCESS = 4;
/** For so many generated meshes there is one with objects of the Gateway API. */
const GATEWAY_API = 3;
/** For so many there is one with waypoints. */
const WAYPOINTS = 5;
/** The number of functions between progress messages. */
const STEP = 50;

/** Lists as one, in which each is spread evenly: a mistake is tried with the first questions. */
function mixed<T>(lists: readonly (readonly T[])[]): T[] {
  const placed = lists.flatMap(list => list.map((item, i) => ({ item, at: (i + 1) / (list.length + 1) })));
  return placed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

/** The cases of the suite and generated meshes that our translator translates correctly, so any change by a mistake is wrong. */
async function rightQuestions(count: number): Promise<Asked[]> {
  const ofAccess = Array.from({ length: Math.ceil(count / ACCESS) }, (_, i) => (
    { ...question(accessCase(i + 1)), id: `access-${i + 1}`, isAboutAccess: true }));
  const ofGatewayApi = Array.from({ length: Math.ceil(count / GATEWAY_API) }, (_, i) => question(gatewayApiCase(i + 1)));
  const ofWaypoints = Array.from({ length: Math.ceil(count / WAYPOINTS) }, (_, i) => question(waypointCase(i + 1)));
  const first = firstQuestions();
  const ids = new Set(first.map(({ id }) => id));
  const others = cases.filter(({ name }) => !ids.has(name)).map(questionOf);
  const generated = [casesOf(1, count).map(question), ofAccess, ofGatewayApi, ofWaypoints];
  const questions = [...first, ...mixed<TranslateCase>([others, ...generated])];
  const right: Asked[] = [];
  for (let from = 0; from < questions.length; from += BATCH) {
    const asked = questions.slice(from, from + BATCH);
    const answers = await translate(asked);
    const isRight = (each: TranslateCase, i: number) =>
      answers[i].error === undefined && compareWithOurs(each, answers[i].proxies).length === 0
      && !(each.isAboutAccess && accessDifferences(each, answers[i].proxies).length > 0);
    right.push(...asked.filter(isRight).map(each => ({ question: each, sent: answerOf(each).sent })));
  }
  return [...conversions().map(each => ({ question: each, sent: answerOf(each).sent })), ...right];
}

/** The inputs of Istio's own test of the conversion. */
function conversions(): ConversionQuestion[] {
  const { added, inputs } = keptConditions();
  return inputs.map(({ input, objects }) => ({ id: input, objects: [...objects, ...added] }));
}

/** Runs one worker for its part of the functions. */
async function judgements(file: string, part: number, tell: () => void): Promise<Judgement[]> {
  const program = [join(__dirname, '../../node_modules/ts-node/dist/bin.js'), join(__dirname, 'worker.ts')];
  const child = spawn(process.execPath, [...program, file, `${part}`, `${WORKERS}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const judged: Judgement[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const each = JSON.parse(line) as Judgement;
    judged.push(each);
    if (!isGuarded(each) && !Object.hasOwn(UNGUARDED, each.where)) console.log(`       ${each.where}: no mistake is noticed`);
    tell();
  }
  const code = await ended;
  if (code !== 0) throw new Error(`the judge of the mistakes ended with ${code}; see its messages above`);
  return judged;
}

const ROOT = join(__dirname, '../..');

/** The test that a reason names. */
function testOf(reason: string): string {
  return /guarded by (\S+)/.exec(reason)?.[1] ?? reason;
}

/** The errors: functions without a noticed mistake and without a reason, and unneeded reasons. */
function wrongOf(judged: readonly Judgement[]): string[] {
  const unguarded = judged.filter(each => !isGuarded(each));
  const unexplained = unguarded.filter(({ where }) => !Object.hasOwn(UNGUARDED, where)).map(({ where, trials }) => (
    `${where}: no mistake is noticed: ${trials.map(
      ({ verdict, mistake, text }) => `${verdict}: ${mistake}: ${text.slice(0, 80)}`,
    ).join('; ')}`));
  const idle = Object.keys(UNGUARDED).filter(name => !unguarded.some(({ where }) => where === name));
  const untested = Object.entries(UNGUARDED).filter(([, reason]) => !existsSync(join(ROOT, testOf(reason))));
  return [
    ...unexplained,
    ...untested.map(([name, reason]) => `${name}: the test of its reason is missing: ${reason}`),
    ...idle.map(name => `${name}: the reason (${UNGUARDED[name]}) is unneeded; remove it`),
  ];
}

function figureOf(judged: readonly Judgement[]): string {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of judged.flatMap(({ trials }) => trials)) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const { noticed = 0, beside = 0, idle = 0, unreached = 0 } = Object.fromEntries(counts);
  return `${judged.length} functions, ${judged.filter(each => !isGuarded(each)).length} with a reason; ${noticed + beside + idle + unreached} mistakes: `
    + `${noticed} noticed, ${beside} only in notes and the like, ${idle} change no answer, ${unreached} not reached`;
}

/** Inserts mistakes into each function of the translator, by its syntax tree, and checks whether the fuzzer notices them. */
export async function judgeMutations(report: Report, meshes: number): Promise<void> {
  const temp = mkdtempSync(join(tmpdir(), 'mutations-'));
  try {
    const file = join(temp, 'questions.jsonl');
    writeFileSync(file, (await rightQuestions(meshes)).map(each => `${JSON.stringify(each)}\n`).join(''));
    let done = 0;
    const tell = () => {
      if (++done % STEP === 0) console.log(`       mistakes in ${done} functions tried`);
    };
    const judged = (await Promise.all(Array.from({ length: WORKERS }, (_, part) => judgements(file, part, tell)))).flat();
    report.add('the fuzzer notices a mistake in every function of the translator', wrongOf(judged), figureOf(judged));
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}
