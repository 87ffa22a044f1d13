import type { Arrival } from './arrival';
import { Budget } from './budget';
import type { Condition } from './condition';
import type { RequestSpace } from './fields';
import { requestSpace } from './fields';
import type { Gate } from './gate';
import { OPEN_GATE } from './gate';
import { pairsOf } from './pairs';
import type { Failure } from './requests';
import { Requests } from './requests';
import type { Row, RouteTable } from './route-table';
import type { Objection } from './search';
import { search } from './search';
import { exactly } from './string-set';

/** Requests that one row took and another one takes, with one of them. */
export interface Difference {
  readonly before: Row;
  readonly after: Row;
  readonly example: Requests;
  /** Whether all of them have a header several times. */
  readonly isRepeated: boolean;
  /** Whose rules may deny the example before it is routed. */
  readonly doubts: readonly string[];
}

/** What is done with requests before they reach two tables. */
export interface Gates {
  readonly before: Gate;
  readonly after: Gate;
}

const OPEN_GATES: Gates = { before: OPEN_GATE, after: OPEN_GATE };

/** Two rows of which is not known whether they share a request that is treated differently. */
export interface OpenQuestion {
  readonly before: Row;
  readonly after: Row;
}

export interface Differences {
  readonly differences: readonly Difference[];
  readonly open: readonly OpenQuestion[];
}

/** Requests that are likely to show a difference. */
export interface Telling {
  /** What they have, the likeliest first. */
  readonly have: readonly (readonly Condition[])[];
  /** Whether all others are treated alike. */
  readonly areAll: boolean;
}

/** What rows do to requests. */
export interface Treatments {
  /** Whether the rows may treat a request in two ways. */
  mayDiffer(before: Row, after: Row): boolean;
  /** Which requests are likely to be treated in two ways. */
  telling(before: Row, after: Row): Telling;
  /** Whether they treat this request in two ways. */
  differ(before: Row, after: Row, example: Requests): boolean;
}

/** Steps for one comparison of two tables, about a second, and for each of their rows, about a thousandth. */
const STEPS = { least: 2_000_000, each: 2_000 };
/** How many requests are tried where the first ones are treated alike. */
const MOST_EXAMPLES = 5;

/**
 * All pairs of rows, one of each table, that take the same request and treat it differently. Requests that the gates of both sides deny are
 * treated alike.
 */
export function differencesOf(
  before: RouteTable, after: RouteTable, treatments: Treatments, arrival: Arrival, gates: Gates = OPEN_GATES,
): Differences {
  const budget = new Budget(STEPS.least + STEPS.each * (before.rows.length + after.rows.length));
  const [once, repeated] = [false, true].map(repeats => requestSpace(arrival, repeats, budget));
  const differences: Difference[] = [];
  const open: OpenQuestion[] = [];
  const repeatsMatter = saysMuchOfAHeader([...before.rows, ...after.rows]);
  for (const [old, now] of pairsOf(before, after)) {
    if (!treatments.mayDiffer(old, now)) continue;
    const exampleIn = (space: RequestSpace) => letThrough(gates, denied => example(space, old, now, before, after, treatments, denied));
    let found = exampleIn(once);
    const isRepeated = found === 'none';
    if (isRepeated && repeatsMatter) found = exampleIn(repeated);
    if (found === 'not decided') open.push({ before: old, after: now });
    else if (found !== 'none') differences.push({ before: old, after: now, example: found, isRepeated, doubts: doubtsOf(found, gates) });
  }
  return { differences, open };
}

/** An example that both gates let through, if there is one; else one that they may let through; else one that not both deny. */
function letThrough({ before, after }: Gates, find: (denied: Objection) => Requests | Failure): Requests | Failure {
  if (before.isOpen && after.isOpen) return find(() => undefined);
  for (const possibly of [true, false]) {
    const found = find(requests => (before.denial(requests, possibly) ?? after.denial(requests, possibly))?.because);
    if (typeof found !== 'string') return found;
  }
  return find(requests => {
    const [old, now] = [before.denial(requests, false), after.denial(requests, false)];
    return old && now && [...old.because, ...now.because];
  });
}

function doubtsOf(found: Requests, { before, after }: Gates): readonly string[] {
  return [...new Set([before, after].filter(gate => !gate.denial(found, false)).flatMap(gate => gate.doubts(found)))];
}

/** A request that both rows take, each in its table, and treat differently, and to which there is no objection. */
function example(
  space: RequestSpace,
  old: Row,
  now: Row,
  before: RouteTable,
  after: RouteTable,
  treatments: Treatments,
  denied: Objection,
): Requests | Failure {
  const shared = new Requests(space).and([...old.conditions, ...now.conditions]);
  if (typeof shared === 'string') return shared;
  const taken = (requests: Requests) => {
    const [taking, takingNow] = [before.first(requests), after.first(requests)];
    return taking.index < old.index ? taking.conditions : takingNow.index < now.index ? takingNow.conditions : denied(requests);
  };
  const { have, areAll } = treatments.telling(old, now);
  let isNone = areAll;
  for (const more of have) {
    const likely = shared.and(more);
    const found = typeof likely === 'string' ? likely : search(space, likely, taken);
    isNone &&= found === 'none';
    const isSure = typeof found !== 'string' && !before.isUncertain(found, old) && !after.isUncertain(found, now);
    if (isSure && treatments.differ(old, now, found)) return found;
  }
  if (isNone) return 'none';
  let start = shared;
  for (let n = 0; n < MOST_EXAMPLES; n++) {
    const found = search(space, start, taken);
    if (typeof found === 'string') return found;
    if (before.isUncertain(found, old) || after.isUncertain(found, now)) return 'not decided';
    if (treatments.differ(old, now, found)) return found;
    const others = start.and([{ field: 'path', test: exactly(found.sample('path')[0]), holds: false }]);
    if (typeof others === 'string') return others;
    start = others;
  }
  return 'not decided';
}

/** Whether some header has two conditions, of which a header with several values can meet both. */
function saysMuchOfAHeader(rows: readonly Row[]): boolean {
  const tests = new Map<string, string>();
  const isSecond = ({ field, test }: Condition) => {
    if (typeof test === 'string' || !field.startsWith('header ')) return false;
    const known = tests.get(field);
    tests.set(field, test.key);
    return known !== undefined && known !== test.key;
  };
  return rows.some(({ conditions }) => conditions.some(isSecond));
}
