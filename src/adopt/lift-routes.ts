import type { ChartWriter } from './chart-writer';
import type { Code } from './code';
import { fields, reference } from './code';
import { directResponseCode, headersCode, httpMatchCode, redirectCode, rewriteCode } from './lift-values';
import type { Rule, RuleNames, Share, Treatment } from './rule';
import { haveSameShares, ruleOf, SLOTS, treatmentText } from './rule';
import type { HTTPRoute } from '../manifest/istio-specs.generated';
import { stableJson } from '../manifest/stable-json';
import { kebab } from '../traffic/name';

/** How far the routes of a service become intents: dark launches and conditions, TrafficRoutes, or TrafficRoutes with stated priorities. */
export type RouteStyle = 'intents' | 'routes' | 'ordered routes';

export interface RoutedService extends RuleNames {
  readonly variable: string;
  readonly host: string;
  /** The start of each id. */
  readonly prefix: string;
  /** Options of every statement, such as its audiences. */
  readonly scope: { readonly [field: string]: Code };
}

/** A rule with the construct that selects its requests. */
interface Cell {
  readonly rule: Rule;
  /** The option `route` or `cohort` of treatments. */
  readonly selects: { readonly [option: string]: Code };
  /** Treatments that the construct itself has as props. */
  readonly own: readonly Treatment['slot'][];
}

/** Adds the statements for the HTTP rules of a VirtualService. Returns notes on what is left out. */
export function addRoutes(writer: ChartWriter, service: RoutedService, http: readonly HTTPRoute[], style: RouteStyle): readonly string[] {
  const rules = http.map(route => ruleOf(route, service));
  const last = rules.findIndex(({ matches }) => matches === undefined);
  const fallback = last < 0 ? undefined : rules[last];
  const split = fallback ? addSplit(writer, service, fallback) : false;
  const cells: Cell[] = [];
  const before = rules.slice(0, last < 0 ? undefined : last);
  const implied = style === 'intents' && fallback ? impliedRules(before, rule => isLaunch(service, rule, fallback)) : new Set<Rule>();
  before.forEach((rule, i) => {
    if (implied.has(rule)) return;
    const cell = style === 'intents' && fallback ? addIntent(writer, service, rule, fallback) : undefined;
    if (cell === 'conditions') return;
    const priority = style === 'ordered routes' ? (i + 1) * 10 : undefined;
    const usesSplit = fallback ? split && haveSameShares(rule, fallback) : isWhole(service, rule);
    cells.push(cell ?? addRoute(writer, service, rule, usesSplit, priority));
  });
  if (fallback) cells.push(addDefault(writer, service, fallback, split, cells.length > 0));
  addTreatments(writer, service, cells);
  return fallback && rules.length > last + 1 ? [`the rules after number ${last + 1} are left out, because it takes every request`] : [];
}

/** Whether all requests of a rule go to the whole service. */
function isWhole({ host }: RoutedService, { shares: [share, ...others] }: Rule): boolean {
  return others.length === 0 && share?.host === host && share.subset === undefined && !share.headers;
}

/** States the split of the service. Returns whether the service itself has the shares of the rule. */
function addSplit(writer: ChartWriter, service: RoutedService, { shares }: Rule): boolean {
  const served = shares.filter(({ weight }) => weight > 0);
  if (shares.length === 0 || served.some(({ host, headers }) => host !== service.host || headers)) return false;
  const target = (share: Share) => service.target(share);
  if (served.length === 1) {
    if (served[0].subset !== undefined) {
      const { audiences } = service.scope;
      const options = audiences === undefined ? [] : [fields({ audiences })];
      writer.add({ receiver: reference(service.variable), method: 'routeDefaultTo', args: [target(served[0]), ...options] });
    }
    return true;
  }
  if (served.length !== 2) return false;
  const [stable, canary] = served[1].weight > served[0].weight ? [served[1], served[0]] : served;
  const percent = 100 * canary.weight / (stable.weight + canary.weight);
  // Other sums of weights would need a rounded percentage.
  if (Math.round(percent * 1000) / 1000 !== percent) return false;
  writer.add({
    creates: 'CanaryRelease',
    id: writer.id(`${service.prefix} canary`),
    props: fields({
      service: reference(service.variable), stable: target(stable), canary: target(canary), canaryPercent: percent, ...service.scope,
    }),
  });
  return true;
}

/** A dark launch, or conditions of the treatments that only this rule has. Undefined if the rule is neither. */
function addIntent(writer: ChartWriter, service: RoutedService, rule: Rule, fallback: Rule): Cell | 'conditions' | undefined {
  const { name, matches = [], shares: [share], route: { redirect, directResponse } } = rule;
  if (redirect ?? directResponse) return undefined;
  if (haveSameShares(rule, fallback) && name === undefined && haveSameRewrite(rule, fallback)) {
    return addConditions(writer, service, rule, fallback) ? 'conditions' : undefined;
  }
  if (!isLaunch(service, rule, fallback)) return undefined;
  const cohort = cohortName(rule);
  const id = writer.id(`${service.prefix} ${cohort ?? `${requestsText(rule)} to ${share.subset}`}`);
  const variable = writer.variable(cohort ?? `${requestsText(rule)} launch`);
  writer.add({
    creates: 'DarkLaunch',
    id,
    props: fields({
      service: reference(service.variable),
      target: service.target(share),
      matches: matches.map(httpMatchCode),
      name: cohort === kebab(id) ? undefined : cohort,
      ...service.scope,
    }),
    variable,
  });
  return { rule, selects: { cohort: reference(variable) }, own: [] };
}

/** Whether a rule sends requests to a version of their own, whatever their path. */
function isLaunch({ host }: RoutedService, rule: Rule, fallback: Rule): boolean {
  const { name, matches = [], shares: [share, ...others] } = rule;
  return (name === undefined || cohortName(rule) !== undefined) && others.length === 0 && share?.host === host && share.subset !== undefined
    && !share.headers && haveSameRewrite(rule, fallback) && matches.every(match => match.uri === undefined);
}

/** The name of the dark launch whose entry of the default route has the name of the rule. */
function cohortName({ name }: Rule): string | undefined {
  return name === undefined ? undefined : /^default\.(.+)$/.exec(name)?.[1];
}

function haveSameRewrite(a: Rule, b: Rule): boolean {
  return stableJson(a.route.rewrite ?? null) === stableJson(b.route.rewrite ?? null);
}

/** The rules that a dark launch adds to each other rule: those with the conditions of both, to the version of the dark launch. */
function impliedRules(rules: readonly Rule[], isOfLaunch: (rule: Rule) => boolean): ReadonlySet<Rule> {
  const keyOf = ({ name, matches }: Pick<Rule, 'name' | 'matches'>, { shares }: Rule) => stableJson([name ?? '', matches, shares]);
  const byKey = new Map(rules.map(rule => [keyOf(rule, rule), rule]));
  const implied = new Set<Rule>();
  for (const launch of rules.filter(isOfLaunch)) {
    const cohort = cohortName(launch);
    for (const rule of rules) {
      if (rule === launch) continue;
      const matches = rule.matches!.flatMap(match => launch.matches!.map(condition => ({
        ...match, ...condition, ...(match.headers || condition.headers ? { headers: { ...match.headers, ...condition.headers } } : {}),
      })));
      const name = rule.name === undefined || cohort === undefined ? undefined : `${rule.name}.${cohort}`;
      const found = byKey.get(keyOf({ name, matches }, launch));
      if (found) implied.add(found);
    }
  }
  return implied;
}

/** States what only some requests get in addition to all others. Returns whether that says the whole rule. */
function addConditions(writer: ChartWriter, service: RoutedService, rule: Rule, fallback: Rule): boolean {
  const slots = SLOTS.filter(slot => treatmentText(rule, slot) !== treatmentText(fallback, slot));
  const added = rule.treatments.filter(({ slot }) => slots.includes(slot));
  if (added.length === 0 || slots.includes('mirror') || slots.some(slot => added.every(each => each.slot !== slot))) return false;
  for (const treatment of merged(added)) {
    addTreatment(writer, service, treatment, { matches: rule.matches!.map(httpMatchCode) }, requestsText(rule));
  }
  return true;
}

function addRoute(writer: ChartWriter, service: RoutedService, rule: Rule, usesSplit: boolean, priority: number | undefined): Cell {
  const what = rule.name ?? requestsText(rule);
  const own = routeOwn(rule);
  const id = writer.id(`${service.prefix} ${what}`);
  const variable = writer.variable(`${what} route`);
  writer.add({
    creates: 'TrafficRoute',
    id,
    props: fields({
      service: reference(service.variable),
      matches: rule.matches?.map(httpMatchCode),
      ...routeProps(service, rule, usesSplit),
      priority,
      name: rule.name === kebab(id) ? undefined : rule.name,
      ...service.scope,
    }),
    variable,
  });
  return { rule, selects: { route: reference(variable) }, own };
}

function addDefault(writer: ChartWriter, service: RoutedService, rule: Rule, split: boolean, hasOthers: boolean): Cell {
  const { redirect, directResponse, rewrite } = rule.route;
  const isPlain = split && !redirect && !directResponse && !rewrite && (rule.name === undefined || rule.name === 'default');
  if (isPlain) return { rule, selects: hasOthers ? { route: reference(service.variable, 'defaultRoute') } : {}, own: [] };
  const cell = addRoute(writer, service, { ...rule, name: rule.name ?? 'default', matches: undefined }, split, undefined);
  return hasOthers ? cell : { ...cell, selects: {} };
}

function routeOwn({ route: { headers, corsPolicy } }: Rule): Treatment['slot'][] {
  return [...(headers ? ['headers' as const] : []), ...(corsPolicy ? ['cors' as const] : [])];
}

function routeProps(service: RoutedService, rule: Rule, usesSplit: boolean): { readonly [field: string]: Code | undefined } {
  const { route: { redirect, directResponse, rewrite, headers }, shares, treatments } = rule;
  if (redirect) return { redirect: redirectCode(redirect) };
  if (directResponse) return { directResponse: directResponseCode(directResponse) };
  const [share, ...others] = shares;
  return {
    ...(usesSplit ? {} : others.length === 0 && !share.headers ? { target: service.target(share) } : {
      targets: shares.map(each => fields({
        target: service.target(each), weight: each.weight, headers: each.headers && headersCode(each.headers),
      })),
    }),
    rewrite: rewrite && rewriteCode(rewrite),
    headers: headers && headersCode(headers),
    cors: treatments.find(({ slot }) => slot === 'cors')?.props.cors,
  };
}

/** States treatments once for the service if all rules that forward have them, else per rule. */
function addTreatments(writer: ChartWriter, service: RoutedService, cells: readonly Cell[]): void {
  const forwarding = cells.filter(({ rule: { shares } }) => shares.length > 0);
  // A mirror without a route copies no requests of dark launches.
  const having = (slot: Treatment['slot']) => (slot === 'mirror' ? forwarding.filter(({ selects }) => selects.cohort === undefined) : forwarding);
  const last = forwarding[forwarding.length - 1];
  const common = SLOTS.filter(slot => having(slot).length > 1
    && having(slot).every(cell => !cell.own.includes(slot) && treatmentText(cell.rule, slot) === treatmentText(last.rule, slot)));
  const shared = last?.rule.treatments.filter(({ slot }) => common.includes(slot)) ?? [];
  for (const treatment of merged(shared)) addTreatment(writer, service, treatment, {}, '');
  for (const { rule, selects, own } of forwarding) {
    const rest = rule.treatments.filter(({ slot }) => !common.includes(slot) && !own.includes(slot));
    const isForAll = Object.keys(selects).length === 0;
    for (const treatment of merged(rest)) addTreatment(writer, service, treatment, selects, isForAll ? '' : rule.name ?? requestsText(rule));
  }
}

/** Treatments of one construct: the timeout and the retries of a RequestPolicy. */
function merged(treatments: readonly Treatment[]): Treatment[] {
  const policies = treatments.filter(({ creates }) => creates === 'RequestPolicy');
  const others = treatments.filter(({ creates }) => creates !== 'RequestPolicy');
  if (policies.length === 0) return others;
  return [{ ...policies[0], props: Object.assign({}, ...policies.map(({ props }) => props)) }, ...others];
}

const WORDS = { RequestPolicy: 'policy', FaultInjection: 'fault', MirroredService: 'mirror' } as const;

function addTreatment(
  writer: ChartWriter, service: RoutedService, { creates, props }: Treatment, selects: { readonly [option: string]: Code }, of: string,
): void {
  writer.add({
    creates,
    id: writer.id(`${service.prefix} ${of} ${WORDS[creates]}`),
    props: fields({ service: reference(service.variable), ...selects, ...props, ...service.scope }),
  });
}

const LONGEST_NAME = 40;

/** A few words for the requests of a rule: its path, header or value. */
function requestsText({ matches }: Rule): string {
  if (matches === undefined) return 'default';
  const [{ uri, headers = {}, queryParams = {}, method, sourceLabels = {}, sourceNamespace, port }] = matches;
  const [header] = Object.entries({ ...headers, ...queryParams });
  const path = uri?.exact ?? uri?.prefix ?? uri?.regex;
  const named = header && `${header[0]} ${header[1]?.exact ?? header[1]?.prefix ?? ''}`;
  const words = [path, named, method?.exact, ...Object.values(sourceLabels), sourceNamespace, port === undefined ? undefined : `port ${port}`]
    .filter(each => each !== undefined).join(' ').replace(/[^A-Za-z0-9]+/g, ' ').trim();
  return words.slice(0, LONGEST_NAME).trim() || 'some requests';
}

