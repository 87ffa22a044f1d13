import { decorationsOf } from './cell-decorations';
import type { CellTerm, Present } from './cell-terms';
import { distinct, termsOfCohort, termsOfRoute, termsWithConditions, termsWithCookie } from './cell-terms';
import { order } from './order';
import type { PathFrame } from './path-frame';
import type { MatchTerm } from '../../manifest/condition';
import { areWithin, takesEverythingAt } from '../../manifest/match-algebra';
import { isAnyPath } from '../../manifest/string-condition';
import type { Entry, Product } from '../model/compiled-service';
import type { CohortStatement, Decoration, PathRewrite, RouteStatement, StickyCookie } from '../model/statements';
import type { Share } from '../model/target';
import { receiving } from '../model/target';

/** The statements of a service that apply to one audience. */
export interface ProductInput {
  readonly routes: readonly Present<RouteStatement>[];
  readonly cohorts: readonly Present<CohortStatement>[];
  readonly decorations: readonly Decoration[];
  readonly splitOf: (route: RouteStatement) => Split;
  readonly frame: PathFrame;
  /** The HTTP ports of the service, if its callers choose one; none at a public host. */
  readonly ports: readonly number[];
}

/** The split of a route, whether it was set for this route, and the constructs that set it. */
export interface Split {
  readonly shares: readonly Share[];
  readonly own: boolean;
  readonly paths: readonly string[];
  readonly sticky?: StickyCookie;
}

/** A product, and the errors of its parts. */
export interface CheckedProduct extends Product {
  readonly errors: readonly string[];
}

type Cell = Pick<Entry, 'route' | 'cohort' | 'cookie' | 'suffix' | 'shares' | 'split'>;
/** A part of a cell: the names of the conditions that its requests meet, and its decorations. */
interface Part {
  readonly names: readonly string[];
  readonly decorations: readonly Decoration[];
}
/** The treatment of the paths of an entry's requests. */
type Rewriting = Pick<Entry, 'rewrite' | 'answer'>;
type RewrittenTerms = Rewriting & { readonly terms: MatchTerm[] };

const NO_REWRITE: PathRewrite = {};
const NONE: readonly string[] = [];

/** The product of routes and cohorts, in order: for every route, one cell per cohort, then one for the split. */
export function product(input: ProductInput): CheckedProduct {
  return new ProductBuilder(input).build();
}

class ProductBuilder {
  private readonly errors: string[] = [];
  private readonly omitted: string[] = [];
  private readonly entries: Entry[] = [];
  /** By port, the entry that takes all its requests that no earlier entry takes. */
  private readonly takers = new Map<number, Entry>();

  constructor(private readonly input: ProductInput) {}

  public build(): CheckedProduct {
    const cohorts = ordered(this.input.cohorts, 'cohort', cohort => this.outcomeOfCohort(cohort));
    const routes = ordered(this.input.routes, 'route', route => this.outcomeOfRoute(route));
    this.errors.push(...cohorts.errors, ...routes.errors);
    if (this.errors.length > 0) return this.result();
    for (const route of routes.items) {
      if (!route.statement.outside) for (const cohort of cohorts.items) this.addCohort(route, cohort);
      this.addSplit(route);
    }
    this.checkEmpty();
    return this.result();
  }

  private addCohort(route: Present<RouteStatement>, cohort: Present<CohortStatement>): void {
    this.addCell({
      route: route.statement,
      cohort: cohort.statement,
      suffix: undefined,
      shares: [{ target: cohort.statement.target, weight: 1 }],
      split: NONE,
    }, termsOfCohort(route, cohort));
  }

  /**
   * The cells of a route's split: with a sticky cookie, one cell per version for clients that keep their version, then the split itself.
   */
  private addSplit(route: Present<RouteStatement>): void {
    const { shares, paths, sticky } = this.input.splitOf(route.statement);
    const cell: Cell = { route: route.statement, cohort: undefined, suffix: undefined, shares, split: paths };
    const terms = termsOfRoute(route);
    const targets = sticky ? receiving(shares) : [];
    if (!sticky || targets.length < 2) return this.addCell(cell, terms);
    for (const { target } of targets) {
      this.addCell({ ...cell, suffix: `sticky-${target.subset}`, shares: [{ target, weight: 1 }] },
        termsWithCookie(terms, route.statement, paths[0], sticky.name, target.subset!));
    }
    const cookie = (subset: string) => ({
      response: { add: { 'set-cookie': `${sticky.name}=${subset}; Max-Age=${sticky.ttl}; Path=/; HttpOnly` } },
    });
    this.addCell({ ...cell, cookie: sticky.name, shares: shares.map(s => ({ ...s, headers: cookie(s.target.subset!) })) }, terms);
  }

  private result(): CheckedProduct {
    return { entries: this.entries, omitted: this.omitted, errors: this.errors.length === 0 ? this.errors : [...new Set(this.errors)] };
  }

  /** Adds the entries of a cell: the parts that policies with matches treat differently, then the remaining part. */
  private addCell(cell: Cell, terms: readonly CellTerm[]): void {
    const { parts, conflicts } = decorationsOf(this.input.decorations, cell.route, cell.cohort, cell.shares);
    let added = parts.length === 0;
    for (const { conditions, decorations } of parts) {
      const part = conditions.length === 0 ? terms : termsWithConditions(terms, cell.route, conditions);
      added =
        this.addPart(cell, { names: conditions.length === 0 ? NONE : conditions.map(d => d.condition!.id), decorations }, part) || added;
    }
    if (added) this.errors.push(...conflicts);
  }

  /** Adds a part of a cell: one entry, or several if some of its requests need a different rewrite or redirect. */
  private addPart(cell: Cell, part: Part, terms: readonly CellTerm[]): boolean {
    const { answer, rewrite } = cell.route;
    if (!rewrite && !this.input.frame.moves && terms.every(({ problem }) => problem === undefined)) {
      if (terms.length === 0) return false;
      return this.addEntry(cell, part, { rewrite: NO_REWRITE, answer }, distinct(terms.map(({ term }) => term), false), 1);
    }
    let [added, number] = [false, 0];
    for (const group of this.rewrittenAlike(cell.route, terms)) {
      added = this.addEntry(cell, part, group, distinct(group.terms, group.rewrite.uri !== undefined), ++number) || added;
    }
    return added;
  }

  /** The terms of a route as callers see them, grouped by rewrite and answer. */
  private rewrittenAlike(route: RouteStatement, terms: readonly CellTerm[]): Iterable<RewrittenTerms> {
    const groups = new Map<string, RewrittenTerms>();
    for (const cellTerm of terms) {
      for (const uri of this.viewsOf(route, cellTerm)) {
        const rewriting = this.rewritingOf(route, uri, cellTerm.matched.uri);
        if (!rewriting) continue;
        const key = JSON.stringify([rewriting.rewrite, rewriting.answer]);
        const group = groups.get(key) ?? { ...rewriting, terms: [] };
        // A regex stays, because a rewrite has a different effect without it.
        group.terms.push({ ...cellTerm.term, uri: uri && uri.regex === undefined && isAnyPath(uri) ? undefined : uri });
        groups.set(key, group);
      }
    }
    return groups.values();
  }

  /** The paths of callers that match a term. */
  private viewsOf(route: RouteStatement, { term, problem }: CellTerm): readonly MatchTerm['uri'][] {
    const views = problem === undefined ? this.input.frame.views(term.uri) : 'inexpressible';
    if (views !== 'inexpressible') return views;
    this.errors.push(problem ?? `route ${route.path} has a uri that cannot be expressed behind the path prefix of its public host; `
      + 'use an exact value or a prefix, or limit the route to Audience.mesh()');
    return [];
  }

  /** The treatment of requests with a path of callers, of which the route itself matched `matched`. */
  private rewritingOf(
    { path, rewrite: stated, answer }: RouteStatement,
    uri: MatchTerm['uri'],
    matched: MatchTerm['uri'],
  ): Rewriting | undefined {
    const rewrite = answer ? NO_REWRITE : this.input.frame.rewrite(uri, matched, stated);
    const moved = answer?.redirect ? this.input.frame.redirect(uri, matched, answer.redirect) : answer;
    if (rewrite === 'inexpressible') {
      this.errors.push(`route ${path} rewrites by regex, which cannot be combined with the rewrite of its public host; `
        + 'use a prefix rewrite, or expose the service without rewrite');
      return undefined;
    }
    if (moved === 'inexpressible') {
      this.errors.push(`route ${path} redirects to a path that its public host does not route to the service; `
        + 'set redirect.authority, or limit the route to Audience.mesh()');
      return undefined;
    }
    return { rewrite, answer: moved };
  }

  private addEntry(cell: Cell, part: Part, { rewrite, answer }: Rewriting, terms: readonly MatchTerm[], number: number): boolean {
    const { names: conditions, decorations } = part;
    const name = this.freeName(baseName(cell, conditions), number);
    const cover = this.coverOf(terms);
    if (cover) return this.omit(cell, conditions, name, cover);
    // Not `...cell`, because V8 adds each field after a spread to the object separately.
    const { route, cohort, cookie, suffix, shares, split } = cell;
    this.append({ name, route, cohort, cookie, suffix, conditions, terms, rewrite, answer, shares, split, decorations });
    return true;
  }

  private append(entry: Entry): void {
    const { name, terms } = entry;
    const other = this.entries.find(earlier => earlier.name === name);
    if (other) {
      this.errors.push(`${cellName(entry)} has the name '${name}', like ${cellName(other)}; use a different \`name\` for one of them`);
    }
    this.entries.push(entry);
    const taken = this.input.ports.filter(port => !this.takers.has(port) && terms.some(term => takesEverythingAt(port, term)));
    taken.forEach(port => this.takers.set(port, entry));
  }

  /** Omits a part of a cell that an earlier entry covers. A whole route without requests is an error. */
  private omit(cell: Cell, conditions: readonly string[], name: string, cover: Entry): false {
    const { route, cohort } = cell;
    if (!cohort && conditions.length === 0 && route.stated && this.input.splitOf(route).own) {
      this.errors.push(
        `${cellName(cell)} is unreachable, because '${cover.name}' matches all its requests first; remove it, or narrow the earlier match`,
      );
    } else {
      this.omitted.push(`${name}: '${cover.name}' matches all its requests first`);
    }
    return false;
  }

  /** An earlier entry that takes all these requests, or the last one of several that do so by port. */
  private coverOf(terms: readonly MatchTerm[]): Entry | undefined {
    const { ports } = this.input;
    const cover = this.entries.find(earlier => areWithin(terms, earlier.terms));
    if (cover || this.takers.size === 0) return cover;
    const reached = ports.filter(port => terms.some(term => (term.port ?? port) === port));
    return reached.every(port => this.takers.has(port)) ? this.takers.get(reached[reached.length - 1]) : undefined;
  }

  /** The name of a part by number; if another entry has it, the next free name. */
  private freeName(base: string, number: number): string {
    if (number === 1) return base;
    let free = number;
    while (this.entries.some(entry => entry.name === `${base}.${free}`)) free++;
    return `${base}.${free}`;
  }

  /** A statement that no request can match is an error if its author set the audience, and omitted if the audience applies by default. */
  private checkEmpty(): void {
    if (this.errors.length > 0) return;
    const check = (noun: string, statement: RouteStatement | CohortStatement, there: (entry: Entry) => boolean) => {
      if (this.entries.some(there) || this.errors.length > 0) return;
      const text = `${noun} ${statement.path} matches no request here`;
      if (statement.audiences) this.errors.push(`${text}; change its match, or its audiences`);
      else this.omitted.push(text);
    };
    for (const { statement } of this.input.routes) if (statement.stated) check('route', statement, entry => entry.route === statement);
    for (const { statement } of this.input.cohorts) check('cohort', statement, entry => entry.cohort === statement);
  }

  private outcomeOfRoute(route: RouteStatement): string {
    const split = this.input.splitOf(route);
    const cells = [undefined, ...this.input.cohorts.map(c => c.statement)].map(cohort => this.valuesOf(route, cohort));
    const replaced = route.rewrite?.uri === undefined ? [] : replacedBy(route.terms);
    return JSON.stringify([route.rewrite, replaced, route.answer, split.shares, split.sticky, cells]);
  }

  private outcomeOfCohort(cohort: CohortStatement): string {
    return JSON.stringify([cohort.target, this.input.routes.map(route => this.valuesOf(route.statement, cohort))]);
  }

  private valuesOf(route: RouteStatement, cohort: CohortStatement | undefined): unknown {
    const shares = cohort ? [{ target: cohort.target, weight: 1 }] : this.input.splitOf(route).shares;
    return decorationsOf(this.input.decorations, route, cohort, shares).parts
      .map(({ conditions, decorations }) => [conditions.map(d => d.condition!.terms), decorations.map(d => d.value)]);
  }
}

/** The statements in the order of their matches. */
function ordered<T extends RouteStatement | CohortStatement>(
  present: readonly Present<T>[], noun: string, outcomeOf: (statement: T) => string,
): { readonly items: readonly Present<T>[]; readonly errors: readonly string[] } {
  if (present.length < 2) return { items: present, errors: [] };
  return order(present.map(({ statement, terms }) => ({
    path: statement.path, terms, priority: statement.priority, statement, outcome: () => outcomeOf(statement),
  })), noun);
}

function baseName({ route, cohort, suffix }: Cell, conditions: readonly string[]): string {
  let name = cohort ? `${route.id}.${cohort.id}` : route.id;
  if (suffix !== undefined) name += `.${suffix}`;
  return conditions.length === 0 ? name : `${name}.${conditions.join('.')}`;
}

function cellName({ route, cohort }: Pick<Entry, 'route' | 'cohort'>): string {
  return `route ${route.path}${cohort ? ` for the cohort ${cohort.path}` : ''}`;
}

/** The part of a path that a rewrite replaces: the whole path, or a number of characters; a list if the alternatives differ. */
function replacedBy(terms: readonly MatchTerm[]): unknown {
  const parts = new Set(
    terms.map(({ uri }) => (uri?.exact !== undefined || uri?.regex !== undefined ? 'all' : (uri?.prefix ?? '/').length)),
  );
  return parts.size === 1 ? [...parts] : terms.map(({ uri }) => uri);
}
