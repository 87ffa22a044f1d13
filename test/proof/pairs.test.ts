import { judgePair, pairOf } from '../../conformance/proof/proof';
import { MUTATIONS, REWRITINGS } from '../../conformance/proof/rewritings';

const FIRST = 100_000;
const pairs = Array.from({ length: 60 }, (_, i) => pairOf(FIRST + i));

describe('generated pairs of rules', () => {
  test('are the same where requests are treated alike, and every example of a change shows it', () => {
    const verdicts = pairs.map(judgePair);
    expect(verdicts.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(verdicts.filter(({ examples }) => examples.length > 0).length).toBeGreaterThan(10);
  });

  test('are made in every way that is listed', () => {
    const steps = new Set(Array.from({ length: 1000 }, (_, i) => pairOf(i + 1)).flatMap(pair => pair.steps));
    expect([...Object.keys(REWRITINGS), ...Object.keys(MUTATIONS)].filter(name => !steps.has(name))).toEqual([]);
  });

  test('are judged wrong where what is said to be the same is not', () => {
    const changed = pairs.filter(pair => !pair.isSame).map(pair => judgePair({ ...pair, isSame: true }));
    expect(changed.filter(({ wrong }) => wrong.length > 0).length).toBeGreaterThan(10);
  });
});
