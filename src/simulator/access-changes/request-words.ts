import type { Box } from './boxes';
import { Combinations } from './boxes';
import type { NamedValues, ValueWords } from './named-values';

/** The parts of calls that are tried. */
export interface CallParts {
  readonly methods: NamedValues<string>;
  readonly paths: NamedValues<string>;
  /** All others, such as the headers, in the order in which sentences name them. */
  readonly others: readonly NamedValues<unknown>[];
}

/** Requests in words. */
export interface WordedRequests {
  /** Sets of requests, such as `POST /pay` or `every request to /items*`. */
  readonly requests: readonly string[];
  /** Whether there are other requests, of which these are examples. */
  readonly areExamples: boolean;
}

/** The maximum number of sets that are named. */
const MOST = 6;

/** Finds words for sets of calls. */
export class RequestWords {
  private readonly combinations: Combinations;
  private readonly impossible: ReadonlySet<number>;

  /**
   * @param all The calls that are tried, in words, by their combinations of values.
   * @param isExact Whether they are all combinations, and stand for all others.
   */
  constructor(
    private readonly parts: CallParts, private readonly all: ReadonlyMap<number, string>, private readonly isExact: boolean,
    private readonly readsRequests: boolean,
  ) {
    this.combinations = combinationsOf(parts);
    this.impossible = new Set(isExact ? this.combinations.without(all) : []);
  }

  /** Some of the calls, by their combinations of values. */
  public of(some: ReadonlySet<number>): WordedRequests {
    const every = `every ${this.what}`;
    if (some.size === this.all.size) return { requests: [every], areExamples: false };
    const named = this.isExact ? this.namesOf(some) : undefined;
    if (named) {
      const others = this.namesOf(new Set([...this.all.keys()].filter(combination => !some.has(combination))));
      const around = others && [`${every} except ${others.join(' and ')}`];
      return { requests: around && lengthOf(around) < lengthOf(named) ? around : named, areExamples: false };
    }
    return { requests: [...some].map(combination => this.all.get(combination)!), areExamples: true };
  }

  private namesOf(some: ReadonlySet<number>): readonly string[] | undefined {
    const boxes = this.combinations.boxesOf(some, this.impossible, MOST);
    const named = boxes?.flatMap(box => this.wordsOf(box) ?? []);
    return named?.length === boxes?.length ? named : undefined;
  }

  private wordsOf(box: Box): string | undefined {
    const { methods, paths, others } = this.parts;
    const words = [methods, paths, ...others].map((values, part) => values.wordsOf(box[part]));
    if (words.includes(undefined)) return undefined;
    const [method, path, ...rest] = words.map(each => (each === 'all' ? undefined : each));
    const more = rest.flatMap(each => (each ? [`${each.areExcepted ? 'except ' : ''}${each.names.join(' or ')}`] : []));
    return [this.readsRequests ? ofMethodAndPath(method, path) : 'every connection', ...more].join(' ');
  }

  private get what(): string {
    return this.readsRequests ? 'request' : 'connection';
  }
}

export function combinationsOf({ methods, paths, others }: CallParts): Combinations {
  return new Combinations([methods, paths, ...others].map(({ values }) => values.length));
}

function ofMethodAndPath(method: ValueWords | undefined, path: ValueWords | undefined): string {
  const [methods, paths] = [method, path].map(words => words?.names.join(' or ') ?? '');
  if (!method) return `every request${path ? ` ${path.areExcepted ? 'except ' : ''}to ${paths}` : ''}`;
  if (!path) return method.areExcepted ? `every request except ${methods}` : `every ${methods} request`;
  const named = method.areExcepted ? `every method except ${methods} of` : methods;
  return path.areExcepted ? `${named}${method.areExcepted ? '' : ' to'} paths except ${paths}` : `${named} ${paths}`;
}

function lengthOf(requests: readonly string[]): number {
  return requests.join(', ').length;
}
