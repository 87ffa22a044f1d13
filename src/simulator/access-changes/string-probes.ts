import type { NamedCondition } from './named-values';
import type { StringMatcher } from '../../envoy/xds/matcher';
import { isLikeTemplate } from '../access/path-template';

/** The maximum number of strings with both a prefix and a suffix. */
const MOST_JOINED = 40;
/** Characters that stand for any others. */
const FILLERS = [...'xqzjkvwybdfghlmnprtcsuioae0123456789~_'];

/** Conditions on one string, and strings among which each combination of conditions that can be met is met by one. */
export class StringProbes {
  private readonly exact = new Set<string>();
  private readonly prefixes = new Set<string>();
  private readonly suffixes = new Set<string>();
  private readonly templates = new Set<string>();
  private readsOthers = false;

  /** Adds a condition. */
  public add({ exact, prefix, suffix, safeRegex }: StringMatcher): void {
    if (exact !== undefined) this.exact.add(exact);
    else if (prefix !== undefined) this.prefixes.add(prefix);
    else if (suffix !== undefined) this.suffixes.add(suffix);
    else if (safeRegex?.regex !== '.+') this.readsOthers = true;
  }

  /** Adds a template of paths, such as `/items/*`. */
  public addTemplate(template: string): void {
    this.templates.add(template);
  }

  /** Whether the strings stand for all others. */
  public get isWhole(): boolean {
    return !this.readsOthers && this.joined <= MOST_JOINED && this.unnamed !== undefined && this.areTemplatesApart;
  }

  /** Whether no string can meet both a template and another condition. */
  private get areTemplatesApart(): boolean {
    const [template, ...others] = this.templates;
    if (template === undefined) return true;
    return others.length + this.prefixes.size + this.suffixes.size === 0 && ![...this.exact].some(text => isLikeTemplate(template, text));
  }

  /** A character that no condition contains: appended to a prefix, it does not make a longer prefix of another condition. */
  public get filler(): string {
    return this.unnamed ?? FILLERS[0];
  }

  private get unnamed(): string | undefined {
    const named = [...this.exact, ...this.prefixes, ...this.suffixes, ...this.templates].join('').toLowerCase();
    return FILLERS.find(character => !named.includes(character));
  }

  /** The conditions in words, such as `/items*`. */
  public get conditions(): readonly NamedCondition<string>[] {
    return [
      ...[...this.exact].map(exact => ({ words: exact, takes: (text: string) => text === exact })),
      ...[...this.prefixes].map(prefix => ({ words: `${prefix}*`, takes: (text: string) => text.startsWith(prefix) })),
      ...[...this.suffixes].map(suffix => ({ words: `*${suffix}`, takes: (text: string) => text.endsWith(suffix) })),
      ...this.inBoth((prefix, suffix) => (
        { words: `${prefix}*${suffix}`, takes: (text: string) => text.startsWith(prefix) && text.endsWith(suffix) })),
      ...[...this.templates].map(template => ({ words: inIstio(template), takes: (text: string) => isLikeTemplate(template, text) })),
    ];
  }

  /** Whether a condition takes a string. */
  public takes(text: string): boolean {
    return this.conditions.some(condition => condition.takes(text));
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
    return [...new Set([
      ...this.exact,
      ...[...this.templates].map(template => template.replace(/\*+/g, filler)),
      ...prefixes.map(prefix => between(prefix, '')),
      ...suffixes.map(suffix => between('', suffix)),
      ...this.inBoth(between),
      between('', ''),
    ])];
  }

  /** What a function makes of each prefix and suffix, unless they are too many. */
  private inBoth<T>(join: (prefix: string, suffix: string) => T): readonly T[] {
    if (this.joined > MOST_JOINED) return [];
    return [...this.prefixes].flatMap(prefix => [...this.suffixes].map(suffix => join(prefix, suffix)));
  }

  private get joined(): number {
    return this.prefixes.size * this.suffixes.size;
  }
}

/** A template as AuthorizationPolicies write it, such as `/items/{*}`. */
function inIstio(template: string): string {
  return template.replace(/\*+/g, '{$&}');
}

function joined(prefix: string, filler: string, suffix: string): string {
  return `${prefix}${filler}${suffix}`;
}
