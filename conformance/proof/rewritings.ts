import type { Match, Rule } from './rules';
import { asRegex, match, treatment } from './rules';
import { re2Matches, re2Quote } from '../../src/traffic/re2';
import type { Dice } from '../fuzz/dice';

/** A rewrite of rules that keeps their meaning. Undefined if it does not apply. */
type Rewriting = (rules: readonly Rule[], dice: Dice) => Rule[] | undefined;

/** The rules, with one of them replaced by the result of `rewrite`. */
function replacing(
  rules: readonly Rule[],
  dice: Dice,
  rewrite: (rule: Rule, place: number) => readonly Rule[] | undefined,
): Rule[] | undefined {
  const places = rules.flatMap((rule, place) => {
    const others = rewrite(rule, place);
    return others ? [{ place, others }] : [];
  });
  if (places.length === 0) return undefined;
  const { place, others } = dice.pick(places);
  return [...rules.slice(0, place), ...others, ...rules.slice(place + 1)];
}

/** Replaces one alternative of a rule with others that match the same requests. */
function alternatively(
  rules: readonly Rule[],
  dice: Dice,
  rewrite: (of: Match, rule: Rule) => readonly Match[] | undefined,
): Rule[] | undefined {
  return replacing(rules, dice, rule => {
    const places = rule.match.flatMap((of, place) => {
      const others = rewrite(of, rule);
      return others ? [{ place, others }] : [];
    });
    if (places.length === 0) return undefined;
    const { place, others } = dice.pick(places);
    return [{ ...rule, match: [...rule.match.slice(0, place), ...others, ...rule.match.slice(place + 1)] }];
  });
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
/** Whether the rewritten path depends on the kind of match: for a prefix, only the prefix is replaced, for a regex the whole path. */
const replacesPrefix = ({ does }: Rule) => 'rewrite' in does;
/** The alternatives of a rule, at least one. */
const alternativesOf = ({ match: of }: Rule) => (of.length > 0 ? of : [{}]);

export const REWRITINGS: { readonly [name: string]: Rewriting } = {
  'alternatives as separate rules': (rules, dice) => replacing(rules, dice, ({ match: of, does }) => (
    of.length < 2 ? undefined : of.map(one => ({ match: [one], does })))),
  'adjacent rules with the same treatment merged': (rules, dice) => {
    const places = rules.flatMap((rule, place) => (place > 0 && same(rule.does, rules[place - 1].does) ? [place] : []));
    if (places.length === 0) return undefined;
    const place = dice.pick(places);
    const joined = { match: [...alternativesOf(rules[place - 1]), ...alternativesOf(rules[place])], does: rules[place].does };
    return [...rules.slice(0, place - 1), joined, ...rules.slice(place + 1)];
  },
  'rules of two paths or methods in the other order': (rules, dice) => {
    const exact = (of: Match, field: 'uri' | 'method') => {
      const condition = of.ignoreUriCase === true ? undefined : of[field];
      return condition && 'exact' in condition ? condition.exact : undefined;
    };
    const isApart = (a: Match, b: Match) => (['uri', 'method'] as const).some(field => (
      exact(a, field) !== undefined && exact(b, field) !== undefined && exact(a, field) !== exact(b, field)));
    const places = rules.flatMap((rule, place) => (
      place > 0 && alternativesOf(rule).every(a => alternativesOf(rules[place - 1]).every(b => isApart(a, b))) ? [place] : []));
    if (places.length === 0) return undefined;
    const place = dice.pick(places);
    return [...rules.slice(0, place - 1), rules[place], rules[place - 1], ...rules.slice(place + 1)];
  },
  'a dead rule': (rules, dice) => replacing(rules, dice, rule => [rule, {
    match: alternativesOf(rule).map(of => ({ ...of, queryParams: { ...of.queryParams, dead: { exact: '1' } } })), does: treatment(dice),
  }]),
  'a dead rule at the end': (rules, dice) => (
    rules.some(({ match: of }) => of.length === 0) ? [...rules, { match: [match(dice)], does: treatment(dice) }] : undefined),
  'a regex for a string': (rules, dice) => alternatively(rules, dice, (of, rule) => {
    const { uri, headers } = of;
    if (uri && !replacesPrefix(rule) && dice.chance(0.6) && of.ignoreUriCase !== true) {
      return same(asRegex(uri), uri) ? undefined : [{ ...of, uri: asRegex(uri) }];
    }
    const [name, condition] = Object.entries(headers ?? {})[0] ?? [];
    return name === undefined || same(asRegex(condition), condition)
      ? undefined
      : [{ ...of, headers: { ...headers, [name]: asRegex(condition) } }];
  }),
  'a case-insensitive regex for a case-insensitive string': (rules, dice) => alternatively(rules, dice, (of, rule) => {
    if (replacesPrefix(rule)) return undefined;
    const regex = of.uri && asRegex(of.uri);
    if (of.ignoreUriCase !== true || !regex || same(regex, of.uri) || !('regex' in regex)) return undefined;
    const { ignoreUriCase: _, ...others } = of;
    return [{ ...others, uri: { regex: `(?i)${regex.regex}` } }];
  }),
  'a prefix in three parts': (rules, dice) => alternatively(rules, dice, (of, rule) => {
    const prefix = !replacesPrefix(rule) && of.ignoreUriCase !== true && of.uri && 'prefix' in of.uri ? of.uri.prefix : undefined;
    if (prefix === undefined || prefix.endsWith('/') || of.headers !== undefined) return undefined;
    return [{ ...of, uri: { exact: prefix } }, { ...of, uri: { prefix: `${prefix}/` } }, { ...of, uri: { regex: `${prefix}[^/].*` } }];
  }),
  'a header that is present or absent': (rules, dice) => alternatively(rules, dice, of => (
    of.headers ?? of.withoutHeaders ? undefined : [{ ...of, headers: { 'x-b': {} } }, { ...of, withoutHeaders: { 'x-b': {} } }])),
  'a header with a value or without it': (rules, dice) => alternatively(rules, dice, of => (
    (of.headers ?? of.withoutHeaders)
      ? undefined
      : [
        { ...of, headers: { 'x-a': { exact: 'a' } } },
        { ...of, withoutHeaders: { 'x-a': { exact: 'a' } } },
      ])),
  'a query parameter with one value or another': (rules, dice) => alternatively(rules, dice, of => (
    same(of.queryParams, { q: { regex: 'a|b' } })
      ? [
        { ...of, queryParams: { q: { exact: 'a' } } },
        { ...of, queryParams: { q: { exact: 'b' } } },
      ]
      : undefined)),
  'a negation instead of the order': (rules, dice) => replacing(rules, dice, (rule, place) => {
    const [before] = place > 0 ? alternativesOf(rules[place - 1]) : [];
    const isOneHeader =
      before
      && rules[place - 1].match.length === 1
      && Object.keys(before).join() === 'headers'
      && Object.keys(before.headers!).length === 1;
    if (!isOneHeader || alternativesOf(rule).some(of => of.withoutHeaders)) return undefined;
    const [[name, condition]] = Object.entries(before.headers!);
    // An absent header counts as empty in a negation, but not in a condition.
    if ('regex' in condition && re2Matches(String(condition.regex), '')) return undefined;
    return [{ ...rule, match: alternativesOf(rule).map(of => ({ ...of, withoutHeaders: { [name]: condition } })) }];
  }),
  'a regex for a rewritten prefix': (rules, dice) => replacing(rules, dice, ({ match: of, does }) => {
    const { uri: to } = (does.rewrite ?? {}) as { readonly uri?: string };
    const starts = new Set(of.map(({ uri, ignoreUriCase }) => (ignoreUriCase !== true && uri && 'prefix' in uri ? uri.prefix : undefined)));
    const [start] = starts;
    if (to === undefined || starts.size !== 1 || start === undefined) return undefined;
    const [anchor, rest] = dice.pick([['^', ''], ['^', '(.*)'], ['', '(.*)'], ['^', '(.*)$']] as const);
    const uriRegexRewrite = { match: `${anchor}${re2Quote(start)}${rest}`, rewrite: `${to}${rest === '' ? '' : '\\1'}` };
    return [{ match: of, does: { ...does, rewrite: { uriRegexRewrite } } }];
  }),
  'explicit defaults': (rules, dice) => replacing(rules, dice, rule => {
    const { route, timeout } = rule.does;
    if (!Array.isArray(route) || route.length !== 1 || timeout !== undefined) return undefined;
    return [{ ...rule, does: { ...rule.does, route: [{ ...route[0], weight: 100 }], timeout: '0s' } }];
  }),
};

/** Changes that may affect requests. */
export const MUTATIONS: { readonly [name: string]: (rules: readonly Rule[], dice: Dice) => Rule[] | undefined } = {
  'another treatment': (rules, dice) => replacing(rules, dice, rule => [{ ...rule, does: treatment(dice) }]),
  'a rule is gone': (rules, dice) => (rules.length > 1 ? replacing(rules, dice, () => []) : undefined),
  'a new rule': (rules, dice) => replacing(rules, dice, rule => [{ match: [match(dice)], does: treatment(dice) }, rule]),
  'another alternative': (rules, dice) => alternatively(rules, dice, () => [match(dice)]),
  'one more alternative': (rules, dice) => alternatively(rules, dice, of => [of, match(dice)]),
  'rules in another order': (rules, dice) => {
    if (rules.length < 2) return undefined;
    const [from, to] = [dice.int(0, rules.length - 1), dice.int(0, rules.length - 2)];
    const others = rules.filter((_, place) => place !== from);
    return [...others.slice(0, to), rules[from], ...others.slice(to)];
  },
  'one condition less': (rules, dice) => alternatively(rules, dice, of => {
    const fields = Object.keys(of);
    if (fields.length === 0) return undefined;
    const gone = dice.pick(fields);
    return [Object.fromEntries(Object.entries(of).filter(([field]) => field !== gone))];
  }),
  'an inverted header condition': (rules, dice) => alternatively(rules, dice, ({ headers, withoutHeaders, ...of }) => {
    if (headers === undefined && withoutHeaders === undefined) return undefined;
    return [{ ...of, ...(headers && { withoutHeaders: headers }), ...(withoutHeaders && { headers: withoutHeaders }) }];
  }),
};
