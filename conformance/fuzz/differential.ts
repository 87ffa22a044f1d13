import type { FuzzCase } from './fuzz-case';
import { describeDifference } from '../difference';
import type { Answer, Json, ProxyConfig, TranslateCase } from '../istiod/client';
import { translate } from '../istiod/client';
import { normalize } from '../normalize';
import { mismatches, ourAnswers, RESOURCES } from '../translation';

/** The result of one case. */
export interface Judged {
  readonly each: FuzzCase;
  /** Why istiod rejects the case, or how it crashed; then nothing is compared. */
  readonly refusal?: string;
  readonly mismatches: readonly string[];
}

/**
 * The number of repetitions per round for a difference. Results that depend on istiod's maps vary, and only a difference in every
 * repetition counts.
 */
const [ROUNDS, REPEATS] = [4, 5];

/** A case as a question to istiod. */
export function question({ id, objects, proxies, meshConfig }: FuzzCase): TranslateCase {
  return { id, manifests: objects.map(each => JSON.stringify(each)).join('\n---\n'), proxies, meshConfig: JSON.stringify(meshConfig) };
}

/** Asks istiod once about cases. A difference may be a variation within istiod. */
export async function judgeOnce(cases: readonly FuzzCase[]): Promise<Judged[]> {
  const questions = cases.map(question);
  const answers = await translate(questions);
  return cases.map((each, place) => judgeOne(each, answers[place], oursOf(questions[place])));
}

/** Compares our translation of cases with that of istiod. */
export async function judge(cases: readonly FuzzCase[]): Promise<Judged[]> {
  const questions = cases.map(question);
  const judged = await judgeOnce(cases);
  for (let round = 0; round < ROUNDS; round++) {
    const failing = [...judged.keys()].filter(place => judged[place].mismatches.length > 0);
    if (failing.length === 0) break;
    const again = await translate(
      failing.flatMap(place => Array.from({ length: REPEATS }, (_, n) => ({ ...questions[place], id: `${place}/${n}` }))),
    );
    for (const [i, place] of failing.entries()) {
      const ours = oursOf(questions[place]);
      const others = again
        .slice(i * REPEATS, (i + 1) * REPEATS)
        .map(answer => new Set(judgeOne(cases[place], answer, ours).mismatches.map(fieldOf)));
      judged[place] = {
        ...judged[place],
        mismatches: judged[place].mismatches.filter(wrong => others.every(fields => fields.has(fieldOf(wrong)))),
      };
    }
  }
  return judged;
}

/** The proxy, the kind of resource and the field of a mismatch. */
export const fieldOf = (mismatch: string) => mismatch.slice(0, mismatch.indexOf(': expected'));

function oursOf(asked: TranslateCase): ReadonlyMap<string, Json> | Error {
  try {
    return ourAnswers(asked);
  } catch (error) {
    return error as Error;
  }
}

function judgeOne(each: FuzzCase, answer: Answer<{ proxies: ProxyConfig[] }>, ours: ReadonlyMap<string, Json> | Error): Judged {
  if (answer.error !== undefined) return { each, refusal: answer.error, mismatches: [] };
  if (ours instanceof Error) return { each, mismatches: [`our translator: expected an answer: ${ours.stack}`] };
  return { each, mismatches: answer.proxies.flatMap(theirs => compared(theirs, ours.get(theirs.name))) };
}

/** The differences between our translation and the answers to one question. */
export function compareWithOurs(asked: TranslateCase, answers: readonly ProxyConfig[]): string[] {
  const ours = oursOf(asked);
  return ours instanceof Error ? [ours.message] : answers.flatMap(theirs => compared(theirs, ours.get(theirs.name)));
}

function compared(answer: ProxyConfig, ours: Json): string[] {
  const istiod = JSON.parse(JSON.stringify(normalize(answer)));
  return RESOURCES.flatMap(resource => mismatches(resource, istiod, ours)
    .map(({ field, expected, actual }) => `${answer.name}: ${resource}: ${describeDifference({
      field,
      expected: actual,
      actual: expected,
    })}`));
}
