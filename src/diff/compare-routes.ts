import type { Change } from './change';
import type { ComparedRoutes } from './compared-routes';
import { RequestWords } from './request-words';
import { EVERY, tellingRequests } from './telling-requests';
import type { TreatmentChange } from './treatment-changes';
import { describeTreatment, treatmentChanges } from './treatment-changes';
import { groupBy } from '../manifest/group-by';
import { stableJson } from '../manifest/stable-json';
import type { Arrival } from '../proof/arrival';
import type { Difference, Gates, OpenQuestion } from '../proof/differences';
import { differencesOf } from '../proof/differences';
import { exampleRequest } from '../proof/example-request';
import { areAlike } from '../proof/path-change';
import type { Row } from '../proof/route-table';
import { commonStart } from '../proof/route-table';

export type RouteChange = Omit<Change, 'host' | 'port'>;

/** Where requests to both lists of routes arrive. */
export interface Entrance {
  readonly arrival: Arrival;
  /** What the proxy denies before it routes. */
  readonly gates: Gates;
  /** The scheme of the connection. */
  readonly scheme: 'http' | 'https';
  readonly port: number;
}

/**
 * What changes between two lists of routes, and for which requests. With the same clusters on both sides, equal routes have the same
 * effect.
 */
export function compareRoutes(old: ComparedRoutes, now: ComparedRoutes, entrance: Entrance, sameClusters: boolean): RouteChange[] {
  return new RouteComparison(old, now, entrance, sameClusters).changes();
}

/** A part of the requests, and what changes for them. */
interface Part extends TreatmentChange {
  readonly pair: Difference | OpenQuestion;
}

class RouteComparison {
  constructor(
    private readonly old: ComparedRoutes, private readonly now: ComparedRoutes,
    private readonly entrance: Entrance, private readonly sameClusters: boolean,
  ) {}

  public changes(): RouteChange[] {
    const { differences, open } = differencesOf(this.old.table, this.now.table, {
      mayDiffer: (before, after) => {
        if (this.sameClusters && before.key === after.key && this.old.doesTheSame(before, this.now, after)) return false;
        const [a, b] = this.treatments(before, after);
        return a?.key !== b?.key || (a !== undefined && b !== undefined && !areAlike(a.path, b.path, commonStart(before, after)));
      },
      telling: (before, after) => {
        const [a, b] = this.treatments(before, after);
        return a && b ? tellingRequests(a, b) : EVERY;
      },
      differ: (before, after, example) => {
        const [a, b] = this.treatments(before, after);
        const [path] = example.sample('path');
        return a?.key !== b?.key || a?.path.of(path) !== b?.path.of(path);
      },
    }, this.entrance.arrival, this.entrance.gates);
    if (differences.length === 0 && open.length === 0) return [];
    const parts = [...differences.flatMap(difference => this.partsOf(difference)), ...open.map(question => this.notDecided(question))];
    const groups = groupBy(parts, ({ pair, ...change }) => stableJson({ ...change, isRepeated: isRepeated(pair), doubt: doubtOf(pair) }));
    const words = new RequestWords(this.old, this.now, this.entrance.arrival);
    return [...groups.values()].map(group => this.changeOf(group, words));
  }

  private changeOf(group: readonly Part[], words: RequestWords): RouteChange {
    const [{ pair, ...change }] = group;
    const names = new Set(group.map(part => this.nameOf(part.pair)));
    const requests = words.of(group.map(part => part.pair));
    return {
      ...change,
      requests: `${requests}${isRepeated(pair) ? ', where the header is sent several times' : ''}${doubtOf(pair)}`,
      ...(names.size === 1 ? { route: [...names][0] ?? '' } : {}),
      ...('example' in pair ? { example: exampleRequest(pair.example, this.entrance.scheme, this.entrance.port) } : {}),
    };
  }

  private treatments(before: Row, after: Row) {
    return [this.old.treatment(before), this.now.treatment(after)] as const;
  }

  private nameOf({ before, after }: OpenQuestion): string | undefined {
    return this.now.treatment(after) ? this.now.name(after) : this.old.name(before);
  }

  private partsOf(pair: Difference): Part[] {
    const { before, after, example } = pair;
    const [old, now] = this.treatments(before, after);
    const [isGone, isNew] = [!this.now.table.byKey.has(before.key), !this.old.table.byKey.has(after.key)];
    // Rows with the same conditions, or a removed and an added row, are one route whose treatment changes.
    const isOne = before.key === after.key || (isGone && isNew);
    const changes = old && now && isOne ? treatmentChanges(old, now, example.sample('path')[0]) : [this.otherRoute(pair, isGone, isNew)];
    return changes.map(change => ({ ...change, pair, ...(pair.isRepeated ? { risk: 'low' } : {}) }));
  }

  private otherRoute({ before, after }: OpenQuestion, isGone: boolean, isNew: boolean): TreatmentChange {
    const [old, now] = this.treatments(before, after);
    const told = { before: describeTreatment(old, now), after: describeTreatment(now, old) };
    // The same rewrite replaces different parts of a path if the matches differ.
    const texts = told.before !== told.after || !old || !now ? told
      : { before: `${told.before}; rewrite ${old.path.words}`, after: `${told.after}; rewrite ${now.path.words}` };
    if (now === undefined) return { kind: 'route-removed', risk: 'high', ...texts };
    if (old === undefined || (isNew && !isGone)) return { kind: 'route-added', risk: 'medium', ...texts };
    return isGone && !isNew ? { kind: 'route-removed', risk: 'medium', ...texts } : { kind: 'precedence', risk: 'high', ...texts };
  }

  private notDecided(pair: OpenQuestion): Part {
    const [old, now] = this.treatments(pair.before, pair.after);
    return { pair, kind: 'not-decided', risk: 'medium', before: describeTreatment(old, now), after: describeTreatment(now, old) };
  }
}

function isRepeated(pair: Difference | OpenQuestion): boolean {
  return 'isRepeated' in pair && pair.isRepeated;
}

/** Whose rules may deny the requests of a pair, in words. */
function doubtOf(pair: Difference | OpenQuestion): string {
  return 'doubts' in pair && pair.doubts.length > 0 ? `, unless ${pair.doubts.join(' or ')} denies them` : '';
}
