import type { Box } from './boxes';
import { Combinations } from './boxes';
import type { NamedValues, ValueWords } from './named-values';

/** The parts of calls that are tried. */
export interface CallParts {
  readonly methods: NamedValues<string>;
  readonly paths: NamedValues<string>;
  /** All others, such as the headers, in the order in which sentences name them. */
  readonly others: readonly Pick<NamedValues<unknown>, 'values' | 'wordsOf'>[];
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

  /** The number of calls. */
  public get size(): number {
    return this.all.size;
  }

  /** Some of the calls, by their combinations of values. */
  public of(some: ReadonlySet<number>): WordedRequests {
    const every = `every ${this.what}`;
    if (some.size === this.all.size) return { requests: [every], areExamples: false };
    const named = this.isExact ? this.namesOf(some) : undefined;
    if (named) {
      const others = this.namesOf(new Set([...this.all.keys()].filter(combination => !some.has(combination))));
      const around = others && !others.some(words => words.includes(' except ')) && [`${every} except ${others.join(' and ')}`];
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
    const named = rest.filter(each => each?.areExcepted === false);
    const except = [
      ...method?.areExcepted ? method.names : [], ...path?.areExcepted ? [`to ${path.names.join(' or ')}`] : [],
      ...rest.flatMap(each => (each?.areExcepted ? each.names : [])),
    ];
    return [
      this.readsRequests ? ofMethodAndPath(positive(method), positive(path)) : 'every connection',
      ...named.map(each => each!.names.join(' or ')),
      ...except.length === 0 ? [] : [`except ${except.join(' or ')}`],
    ].join(' ');
  }

  private get what(): string {
    return this.readsRequests ? 'request' : 'connection';
  }
}

export function combinationsOf({ methods, paths, others }: CallParts): Combinations {
  return new Combinations([methods, paths, ...others].map(({ values }) => values.length));
}

/** The names of values, unless they are excepted. */
function positive(words: ValueWords | undefined): string | undefined {
  return words?.areExcepted === false ? words.names.join(' or ') : undefined;
}

function ofMethodAndPath(method: string | undefined, path: string | undefined): string {
  if (method !== undefined && path !== undefined) return `${method} ${path}`;
  return `every ${method === undefined ? '' : `${method} `}request${path === undefined ? '' : ` to ${path}`}`;
}

function lengthOf(requests: readonly string[]): number {
  return requests.join(', ').length;
}
