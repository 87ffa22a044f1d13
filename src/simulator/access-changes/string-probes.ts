import type { StringMatcher } from '../../envoy/xds/matcher';

/** The maximum number of strings with both a prefix and a suffix. */
const MOST_JOINED = 40;
/** Characters that stand for any others. */
const FILLERS = [...'xqzjkvwybdfghlmnprtcsuioae0123456789~_'];

/** Conditions on one string, and strings among which each combination of conditions that can be met is met by one. */
export class StringProbes {
  private readonly exact = new Set<string>();
  private readonly prefixes = new Set<string>();
  private readonly suffixes = new Set<string>();
  private readsOthers = false;

  /** Adds a condition. */
  public add({ exact, prefix, suffix, safeRegex }: StringMatcher): void {
    if (exact !== undefined) this.exact.add(exact);
    else if (prefix !== undefined) this.prefixes.add(prefix);
    else if (suffix !== undefined) this.suffixes.add(suffix);
    else if (safeRegex?.regex !== '.+') this.readsOthers = true;
  }

  /** Adds a string that another kind of condition takes. */
  public addExample(text: string): void {
    this.exact.add(text);
    this.readsOthers = true;
  }

  /** Whether the strings stand for all others. */
  public get isWhole(): boolean {
    return !this.readsOthers && this.joined <= MOST_JOINED && this.unnamed !== undefined;
  }

  /** A character that no condition contains: appended to a prefix, it does not make a longer prefix of another condition. */
  public get filler(): string {
    return this.unnamed ?? FILLERS[0];
  }

  private get unnamed(): string | undefined {
    const named = [...this.exact, ...this.prefixes, ...this.suffixes].join('').toLowerCase();
    return FILLERS.find(character => !named.includes(character));
  }

  /** Whether a condition takes a string. */
  public takes(text: string): boolean {
    return this.exact.has(text) || [...this.prefixes].some(prefix => text.startsWith(prefix))
      || [...this.suffixes].some(suffix => text.endsWith(suffix));
  }

  /** The number of conditions. */
  public get size(): number {
    return this.exact.size + this.prefixes.size + this.suffixes.size;
  }

  /** The strings: those that conditions name, and others that `join` makes of a prefix, a character and a suffix. */
  public values(join: (prefix: string, filler: string, suffix: string) => string = joined): readonly string[] {
    const { filler } = this;
    const between = (prefix: string, suffix: string) => join(prefix, filler, suffix);
    const [prefixes, suffixes] = [[...this.prefixes], [...this.suffixes]];
    const both = this.joined <= MOST_JOINED ? prefixes.flatMap(prefix => suffixes.map(suffix => between(prefix, suffix))) : [];
    return [...new Set([
      ...this.exact,
      ...prefixes.map(prefix => between(prefix, '')),
      ...suffixes.map(suffix => between('', suffix)),
      ...both,
      between('', ''),
    ])];
  }

  private get joined(): number {
    return this.prefixes.size * this.suffixes.size;
  }
}

function joined(prefix: string, filler: string, suffix: string): string {
  return `${prefix}${filler}${suffix}`;
}
