import { order } from './order';
import type { PathFrame } from './path-frame';
import type { CohortStatement, Decoration, PathRewrite, RouteStatement, Share } from './statements';
import { describeTarget, isMirror, sameTarget } from './statements';
import { areWithin, conjunction, isAnyPath, isTermWithin } from '../manifest/match-algebra';
import type { MatchTerm } from '../manifest/match-algebra';

/** A statement as one audience meets it: with the alternatives that requests of this audience can meet. */
export interface Present<T extends RouteStatement | CohortStatement> {
  readonly statement: T;
  readonly terms: readonly MatchTerm[];
}

/** What one audience of a service states, all of it relevant to that audience. */
export interface ProductInput {
  readonly routes: readonly Present<RouteStatement>[];
  readonly cohorts: readonly Present<CohortStatement>[];
  readonly decorations: readonly Decoration[];
  readonly splitOf: (route: RouteStatement) => Split;
  readonly frame: PathFrame;
}

/** Where the rest of a route's requests go, whether an author stated it for this very route, and which construct did. */
export interface Split {
  readonly shares: readonly Share[];
  readonly own: boolean;
  readonly paths: readonly string[];
}

/** One entry of a VirtualService: a cell of the product of routes and cohorts, or the part of it that shares one rewrite. */
export interface Entry {
  readonly name: string;
  readonly route: RouteStatement;
  readonly cohort?: CohortStatement;
  /** Alternatives; none means every request. */
  readonly terms: readonly MatchTerm[];
  readonly rewrite: PathRewrite;
  readonly shares: readonly Share[];
  /** The constructs that stated the split. */
  readonly split: readonly string[];
  readonly decorations: readonly Decoration[];
  /** Why it stands where it stands. */
  readonly reason: string;
}

export interface Product {
  readonly entries: readonly Entry[];
  /** What was left out, and why; for `explain`. */
  readonly omitted: readonly string[];
  readonly errors: readonly string[];
}

type Cell = Omit<Entry, 'name' | 'terms' | 'rewrite'>;

/** The product of routes and cohorts, in order: for every route one cell a cohort, then one for the split. */
export function product(input: ProductInput): Product {
  const builder = new ProductBuilder(input);
  return builder.build();
}

class ProductBuilder {
  private readonly errors: string[] = [];
  private readonly omitted: string[] = [];
  private readonly entries: Entry[] = [];
  private readonly names = new Map<string, Omit<Entry, 'name'>>();

  constructor(private readonly input: ProductInput) {}

  public build(): Product {
    const orderedCohorts = order(this.input.cohorts.map(({ statement, terms }) => ({
      path: statement.path, terms, priority: statement.priority, statement, outcome: () => this.outcomeOfCohort(statement),
    })), 'cohort');
    const orderedRoutes = order(this.input.routes.map(({ statement, terms }) => ({
      path: statement.path, terms, priority: statement.priority, statement, outcome: () => this.outcomeOfRoute(statement),
    })), 'route');
    this.errors.push(...orderedCohorts.errors, ...orderedRoutes.errors);
    if (this.errors.length > 0) return this.result();
    for (const route of orderedRoutes.items) {
      const reason = orderedRoutes.reasons.get(route) ?? 'the widest route';
      for (const cohort of orderedCohorts.items) {
        const { chosen, conflicts } = this.decorate(route.statement, cohort.statement);
        const added = this.addCell({
          route: route.statement,
          cohort: cohort.statement,
          shares: [{ target: cohort.statement.target, weight: 1 }],
          split: [],
          decorations: chosen,
          reason: `cohort before the split${orderedCohorts.reasons.has(cohort) ? `, ${orderedCohorts.reasons.get(cohort)}` : ''}`,
        }, conjoin(route, cohort));
        if (added) this.errors.push(...conflicts);
      }
      const split = this.input.splitOf(route.statement);
      this.addCell({
        route: route.statement,
        shares: split.shares,
        split: split.paths,
        decorations: this.decorate(route.statement, undefined).chosen,
        reason,
      }, route.terms.map(term => ({ term, matched: term })));
    }
    this.checkEmpty();
    return this.result();
  }

  private result(): Product {
    return { entries: this.entries, omitted: this.omitted, errors: [...new Set(this.errors)] };
  }

  /** Adds what the cell comes to; whether that is anything. */
  private addCell(cell: Cell, terms: CellTerm[]): boolean {
    if (!cell.route.rewrite && !this.input.frame.moves && terms.every(({ problem }) => problem === undefined)) {
      return terms.length > 0 && this.addEntry({ ...cell, rewrite: {}, terms: distinct(terms.map(({ term }) => term), false) }, 1);
    }
    let added = false;
    const groups = new Map<string, { rewrite: PathRewrite; terms: MatchTerm[] }>();
    for (const { term, matched, problem } of terms) {
      const views = problem === undefined ? this.input.frame.views(term.uri) : [];
      if (problem !== undefined || views === 'unstatable') {
        this.errors.push(problem ?? `route ${cell.route.path} has a uri that cannot be stated behind the path prefix of its public host; `
          + 'use exact or prefix, or limit the route to Audience.mesh()');
        continue;
      }
      for (const uri of views) {
        const rewrite = this.input.frame.rewrite(uri, matched.uri, cell.route.rewrite);
        if (rewrite === 'unstatable') {
          this.errors.push(`route ${cell.route.path} rewrites by regex, which does not compose with the rewrite of its public host; `
            + 'use a rewrite of a prefix, or expose the service without rewrite');
          continue;
        }
        const key = Object.keys(rewrite).length === 0 ? '' : JSON.stringify(rewrite);
        const group = groups.get(key) ?? { rewrite, terms: [] };
        // A regex stays, since a rewrite means another thing without it.
        group.terms.push({ ...term, uri: uri && uri.regex === undefined && isAnyPath(uri) ? undefined : uri });
        groups.set(key, group);
      }
    }
    let number = 0;
    for (const { rewrite, terms: alternatives } of groups.values()) {
      added = this.addEntry({ ...cell, rewrite, terms: distinct(alternatives, rewrite.uri !== undefined) }, ++number) || added;
    }
    return added;
  }

  private addEntry(entry: Omit<Entry, 'name'>, number: number): boolean {
    const base = entry.cohort ? `${entry.route.id}.${entry.cohort.id}` : entry.route.id;
    const nameOf = (n: number) => (n === 1 ? base : `${base}.${n}`);
    let free = number;
    while (number > 1 && this.names.has(nameOf(free))) free++;
    const name = nameOf(free);
    const cover = this.entries.find(earlier => areWithin(entry.terms, earlier.terms));
    if (!cover) {
      const other = this.names.get(name);
      if (other) this.errors.push(`${describeCell(entry)} takes the name '${name}', which ${describeCell(other)} has; state another \`name\` for one of them`);
      this.names.set(name, entry);
      this.entries.push({ ...entry, name });
      return true;
    }
    if (!entry.cohort && this.input.splitOf(entry.route).own && entry.route.stated) {
      this.errors.push(`${describeCell(entry)} can never be reached: '${cover.name}' takes all its requests first; remove it, or narrow what comes before it`);
    } else {
      this.omitted.push(`${name}: '${cover.name}' takes all its requests first`);
    }
    return false;
  }

  /** A statement that no request can ever meet is an error where its author named the audience, and left out where it came there by default. */
  private checkEmpty(): void {
    const check = (noun: string, statement: RouteStatement | CohortStatement, there: (entry: Entry) => boolean) => {
      if (this.entries.some(there) || this.errors.length > 0) return;
      const text = `${noun} ${statement.path} matches no request here`;
      if (statement.audiences) this.errors.push(`${text}; change its match, or its audiences`);
      else this.omitted.push(text);
    };
    for (const { statement } of this.input.routes) if (statement.stated) check('route', statement, entry => entry.route === statement);
    for (const { statement } of this.input.cohorts) check('cohort', statement, entry => entry.cohort === statement);
  }

  /** The decorations of a cell, of those on one slot the one that names more of it, and what keeps two from being told apart. */
  private decorate(route: RouteStatement, cohort: CohortStatement | undefined): { chosen: readonly Decoration[]; conflicts: readonly string[] } {
    if (this.input.decorations.length === 0) return UNDECORATED;
    const best = new Map<string, readonly Decoration[]>();
    const rank = (d: Decoration) => (d.route ? 1 : 0) + (d.cohort ? 1 : 0);
    const shares = cohort ? [{ target: cohort.target, weight: 1 }] : this.input.splitOf(route).shares;
    for (const decoration of this.input.decorations) {
      if (decoration.route && decoration.route !== route) continue;
      if (decoration.cohort ? decoration.cohort !== cohort : decoration.cells === 'split' && cohort !== undefined) continue;
      if (isMirror(decoration.value) && skipsMirror(decoration.value.mirror, shares)) continue;
      const rivals = best.get(decoration.slot) ?? [];
      const lead = rivals.length === 0 ? 1 : rank(decoration) - rank(rivals[0]);
      if (lead >= 0) best.set(decoration.slot, lead > 0 ? [decoration] : [...rivals, decoration]);
    }
    const conflicts = [...best.values()].filter(rivals => rivals.length > 1).map(rivals =>
      `${rivals.map(d => d.path).sort().join(' and ')} both set ${rivals[0].slot} for the route '${route.id}' and the cohort '${cohort?.id}', `
      + 'one by naming the route, one by naming the cohort; state one that names both');
    return { chosen: [...best.values()].map(([d]) => d).sort((a, b) => (a.slot < b.slot ? -1 : 1)), conflicts };
  }

  private outcomeOfRoute(route: RouteStatement): string {
    const cells = [undefined, ...this.input.cohorts.map(c => c.statement)].map(cohort => this.decorate(route, cohort).chosen.map(d => d.value));
    return JSON.stringify([route.rewrite, route.rewrite?.uri === undefined ? [] : replacedBy(route.terms), this.input.splitOf(route).shares, cells]);
  }

  private outcomeOfCohort(cohort: CohortStatement): string {
    return JSON.stringify([cohort.target, this.input.routes.map(route => this.decorate(route.statement, cohort).chosen.map(d => d.value))]);
  }
}

function describeCell({ route, cohort }: Omit<Entry, 'name'>): string {
  return `route ${route.path}${cohort ? ` for the cohort ${cohort.path}` : ''}`;
}

const UNDECORATED = { chosen: [], conflicts: [] };

/** What of a path a rewrite replaces: the whole, or so many characters; where the alternatives differ, their list. */
function replacedBy(terms: readonly MatchTerm[]): unknown {
  const parts = new Set(terms.map(({ uri }) => (uri?.exact !== undefined || uri?.regex !== undefined ? 'all' : (uri?.prefix ?? '/').length)));
  return parts.size === 1 ? [...parts] : terms.map(({ uri }) => uri);
}

/** A mirror of requests that the mirror's own target serves already would serve them twice. */
function skipsMirror(mirror: Share['target'], shares: readonly Share[]): boolean {
  const receiving = shares.filter(s => s.weight > 0);
  return receiving.length === 1 && sameTarget(receiving[0].target, mirror);
}

interface CellTerm {
  readonly term: MatchTerm;
  /** The route's own alternative, by which its rewrite is meant. */
  readonly matched: MatchTerm;
  readonly problem?: string;
}

function conjoin(route: Present<RouteStatement>, cohort: Present<CohortStatement>): CellTerm[] {
  const terms: CellTerm[] = [];
  for (const matched of route.terms) {
    for (const other of cohort.terms) {
      const result = conjunction(matched, other);
      if (result === 'nothing') continue;
      terms.push('term' in result ? { term: result.term, matched } : {
        term: {},
        matched,
        problem: `route ${route.statement.path} and cohort ${cohort.statement.path} (to ${describeTarget(cohort.statement.target)}) cannot be stated together: Istio holds one condition `
          + `on ${result.unstatable}; state one of them as exact, or make the match of both in one place`,
      });
    }
  }
  return terms;
}

/**
 * Alternatives without those that lie inside another; inside an earlier one, where it is the alternative that says what a rewrite replaces.
 */
function distinct(terms: readonly MatchTerm[], rewritten: boolean): readonly MatchTerm[] {
  if (terms.length === 1) return terms;
  return terms.filter((term, i) => !terms.some((other, j) =>
    i !== j && (j < i || !rewritten) && isTermWithin(term, other) && (!isTermWithin(other, term) || j < i)));
}
