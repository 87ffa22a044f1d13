import { accessCase } from './access-case';
import { compareBuilderTestdata } from './builder-testdata';
import { accessDifferences } from './comparison';
import { question } from '../fuzz/differential';
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
      if (answer.error !== undefined) refused++;
      else wrong.push(...accessDifferences(question(each), answer.proxies).map(difference => `seed ${each.id}: ${difference}`));
    });
  }
  report.add(`our inbound listeners and gateways' access filters of ${count} generated meshes are istiod's`, [
    ...wrong, ...refused > count * REFUSED ? [`istiod refuses ${refused} of ${count} meshes`] : [],
  ], `${refused} refused`);
}
