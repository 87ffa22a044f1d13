// Tests the functions of the translator with questions that it answers correctly: `worker.ts FILE PART PARTS` prints one line of JSON per
// function.
import { readFileSync } from 'node:fs';
import type { Answered, Question } from './answer';
import type { Mutant } from './instrument';
import { placeOf } from './instrument';
import type { Judgement, Trial } from './judgement';
import { MutatedTranslator } from './program';

/** A question, and the answer of the original translator. */
export interface Asked extends Pick<Answered, 'sent'> {
  readonly question: Question;
}

interface Known extends Answered {
  readonly question: Question;
}

/** The maximum number of mistakes per function, the number of noticed mistakes that is enough, and the number of questions per mistake. */
const [TRIALS, ENOUGH, QUESTIONS] = [8, 2, 400];

function tried(mutant: Mutant, translator: MutatedTranslator, known: readonly Known[]): Trial {
  const { id, mistake, text } = mutant;
  const isStatic = runsAtLoad(mutant, translator);
  if (known.length === 0) return { mistake, text, verdict: 'unreached' };
  let beside: string | undefined;
  if (isStatic && !loads(translator, id)) return { mistake, text, verdict: 'noticed', by: 'the start of the program' };
  try {
    for (const before of known.slice(0, QUESTIONS)) {
      const answer = translator.ask(id, before.question);
      const isSame = answer.sent === before.sent;
      if (!isSame && answer.compared !== before.compared) return { mistake, text, verdict: 'noticed', by: before.question.id };
      if (!isSame || answer.beside !== before.beside) beside ??= before.question.id;
    }
    return { mistake, text, verdict: beside === undefined ? 'idle' : 'beside', by: beside };
  } finally {
    if (isStatic) translator.load();
  }
}

/** Whether a place runs when its module loads, by itself or in a function that a constant calls. */
function runsAtLoad({ id, isStatic }: Mutant, translator: MutatedTranslator): boolean {
  return isStatic || translator.atLoad.has(id);
}

/** Whether the translator starts with a mistake. If not, it is loaded without. */
function loads(translator: MutatedTranslator, mistake: number): boolean {
  try {
    translator.load(mistake);
    return true;
  } catch {
    translator.load();
    return false;
  }
}

/** The mistakes of each function, in an order that depends only on its own text. */
function byFunction(mutants: readonly Mutant[]): Map<string, Mutant[]> {
  const functions = new Map<string, Mutant[]>();
  for (const mutant of mutants) functions.set(mutant.where, [...functions.get(mutant.where) ?? [], mutant]);
  for (const each of functions.values()) each.sort((a, b) => placeOf(a) - placeOf(b));
  return functions;
}

function main([file, part, parts]: readonly string[]): void {
  const asked = readFileSync(file, 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Asked);
  const translator = new MutatedTranslator();
  const reaching = new Map<number, Known[]>();
  const known = asked.map(({ question, sent: right }) => {
    translator.switchboard.reached.clear();
    const { sent, compared, beside } = translator.ask(-1, question);
    if (sent !== right) {
      throw new Error(`${question.id}: without a mistake, the instrumented translator gives a different answer than the translator`);
    }
    const each = { question, sent, compared, beside };
    for (const id of translator.switchboard.reached) {
      const others = reaching.get(id);
      if (others) others.push(each);
      else reaching.set(id, [each]);
    }
    return each;
  });
  const functions = [...byFunction(translator.mutants)].filter((_, place) => place % Number(parts) === Number(part));
  for (const [where, mutants] of functions) {
    const trials: Trial[] = [];
    for (const mutant of mutants.slice(0, TRIALS)) {
      trials.push(tried(mutant, translator, runsAtLoad(mutant, translator) ? known : reaching.get(mutant.id) ?? []));
      if (trials.filter(({ verdict }) => verdict === 'noticed').length === ENOUGH) break;
    }
    console.log(JSON.stringify({ where, trials } satisfies Judgement));
    // A mistake may persist in the state of a module.
    if (translator.ask(-1, known[0].question).sent !== known[0].sent) translator.load();
  }
}

main(process.argv.slice(2));
