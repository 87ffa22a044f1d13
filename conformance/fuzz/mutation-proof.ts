// Every mutation of the translator is noticed by the fuzzer: `mutation-proof.ts [CASES]`.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { casesOf } from './campaign';
import { compareWithOurs, question } from './differential';
import type { Kept } from './kept';
import { MUTATIONS } from './mutations';
import { translate } from '../istiod/client';
import { Report } from '../report';

const BATCH = 100;
/** Within how many cases each has to be noticed. */
const MOST = 2000;

async function kept(first: number): Promise<Kept[]> {
  const asked = casesOf(first, BATCH).map(question);
  const answers = await translate(asked);
  return asked.flatMap((each, i) => {
    const answer = answers[i];
    return answer.error === undefined && compareWithOurs(each, answer.proxies).length === 0 ? [{ asked: each, answer: answer.proxies }] : [];
  });
}

/** The mutations that a case notices, each with the first such case. */
function noticed(places: readonly number[], file: string): (readonly [place: number, by: string])[] {
  const lines = execFileSync(process.execPath, [require.resolve('ts-node/dist/bin'), join(__dirname, 'mutant.ts'), file, ...places.map(String)], { encoding: 'utf8' });
  return lines.split('\n').filter(line => line !== '').map(line => line.split(' ')).map(([place, by]) => [Number(place), by]);
}

/** Says of each mutation which case noticed it. */
export async function judgeMutations(report: Report, most = MOST): Promise<void> {
  const open = new Set(MUTATIONS.keys());
  const temp = mkdtempSync(join(tmpdir(), 'mutations-'));
  let cases = 0;
  let latest = 0;
  try {
    for (; cases < most && open.size > 0; cases += BATCH) {
      const file = join(temp, 'answers.jsonl');
      writeFileSync(file, (await kept(cases + 1)).map(each => `${JSON.stringify(each)}\n`).join(''));
      for (const [place, by] of noticed([...open], file)) {
        open.delete(place);
        latest = cases + BATCH;
        console.log(`       ${by}: ${MUTATIONS[place].wrong}`);
      }
    }
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
  report.add(`the fuzzer notices ${MUTATIONS.length} mistakes in the translator`, [...open].map(place => `not noticed in ${cases} cases: ${MUTATIONS[place].wrong}`),
    `within ${latest} cases`);
}

if (require.main === module) {
  const report = new Report();
  judgeMutations(report, Number(process.argv[2] ?? MOST)).then(() => process.exitCode = report.close(), (error: Error) => {
    console.error(error.stack);
    process.exitCode = 1;
  });
}
