import { judgeCasePairs } from './case-pairs';
import { judgeConnectionPairs } from './connection-pairs';
import type { WitnessedPair } from './on-envoy';
import { judgeWitnesses } from './on-envoy';
import { replayProblem, happens } from './replay';
import { MUTATIONS, REWRITINGS } from './rewritings';
import type { Rule } from './rules';
import { manifestsOf, rules } from './rules';
import { samples } from './samples';
import type { TrafficChange } from '../../src/diff/change';
import { callersOfBoth, diffTraffic } from '../../src/diff/traffic-diff';
import { Translator } from '../../src/envoy/translator';
import { parseManifests } from '../../src/manifest/loader';
import type { ExampleRequest } from '../../src/proof/example-request';
import { Mesh } from '../../src/simulator/mesh';
import { Dice } from '../fuzz/dice';
import type { Report } from '../report';

/** Two lists of rules: the second is the first one, rewritten or changed. */
export interface Pair {
  readonly seed: number;
  readonly old: readonly Rule[];
  readonly now: readonly Rule[];
  /** The steps from the first to the second. */
  readonly steps: readonly string[];
  /** Whether both are equivalent by construction. */
  readonly isSame: boolean;
}

/** The pair for a seed. Two of three are rewritten and one is changed, some of them both. */
export function pairOf(seed: number): Pair {
  const dice = new Dice(seed);
  const old = rules(dice);
  const isSame = dice.chance(0.6);
  let now = old;
  const steps: string[] = [];
  const apply = (ways: typeof REWRITINGS, times: number) => {
    for (let i = 0; i < times; i++) {
      const name = dice.pick(Object.keys(ways));
      const next = ways[name](now, dice);
      if (next === undefined) continue;
      now = next;
      steps.push(name);
    }
  };
  apply(REWRITINGS, dice.int(isSame ? 1 : 0, 5));
  if (!isSame) apply(MUTATIONS, dice.int(1, 2));
  return { seed, old, now, steps, isSame };
}

const CALLER = { type: 'sidecar', namespace: 'shop' } as const;

/** Of so many pairs with examples, a real Envoy gets those of one. */
const WITNESSED = 10;

/** The result of a pair. */
export interface Verdict {
  readonly wrong: readonly string[];
  readonly changes: number;
  readonly isOpen: boolean;
  readonly examples: readonly ExampleRequest[];
}

/** Compares a pair, and sends the examples and generated requests through the simulator. */
export function judgePair({ seed, old, now, steps, isSame }: Pair): Verdict {
  const sides = [old, now]
    .map(of => parseManifests(manifestsOf(of)).objects)
    .map(objects => ({ objects, translator: new Translator(objects) }));
  const changes: TrafficChange[] = diffTraffic(sides[0], sides[1], callersOfBoth(sides[0], sides[1]));
  const [before, after] = sides.map(({ objects }) => Mesh.fromManifests(objects));
  const tell = (what: string) => `seed ${seed} (${steps.join('; ')}): ${what}`;
  const isOpen = changes.some(({ kind }) => kind === 'not-decided');
  const decided = changes.filter(({ kind }) => kind !== 'not-decided');
  const wrong = decided.flatMap(change => replayProblem(change, before, after) ?? []).map(tell);
  const [first] = decided;
  if (isSame && first) wrong.push(tell(`is the same, but we report ${first.kind} of ${first.requests}: ${JSON.stringify(first.example)}`));
  if (changes.length === 0) {
    const noticed = samples(new Dice(seed), [...old, ...now]).find(
      request => happens(before, CALLER, request) !== happens(after, CALLER, request),
    );
    if (noticed) wrong.push(tell(`we report no change, but ${JSON.stringify(noticed)} is treated differently`));
  }
  return { wrong, changes: changes.length, isOpen, examples: decided.flatMap(({ example }) => example ?? []) };
}

/** Compares generated pairs of rules, and changes of the cases. */
export async function judgeProof(report: Report, count: number): Promise<void> {
  const pairs = Array.from({ length: count }, (_, i) => pairOf(i + 1));
  const verdicts = pairs.map(judgePair);
  const open = verdicts.filter(({ isOpen }) => isOpen).length;
  const figure = [
    `${verdicts.filter(({ changes }) => changes === 0).length} the same`, `${verdicts.reduce(
      (sum, { examples }) => sum + examples.length,
      0,
    )} examples`,
    `${open} not decided`,
  ].join(', ');
  report.add(`${count} generated pairs without a reported change treat requests the same, and every example of a change shows it`,
    verdicts.flatMap(({ wrong }) => wrong), figure);
  const witnessed = pairs.map(({ seed, old, now }, place): WitnessedPair => (
    { seed, sides: [manifestsOf(old), manifestsOf(now)], examples: verdicts[place].examples }))
    .filter(({ examples }) => examples.length > 0);
  await judgeWitnesses(report, witnessed.filter((_, place) => place % WITNESSED === 0));
  judgeCasePairs(report, Math.ceil(count / 5));
  await judgeConnectionPairs(report, Math.ceil(count / 5));
  report.add('at most one pair in a hundred is not decided', open > count / 100 ? [`${open} of ${count}`] : []);
}
