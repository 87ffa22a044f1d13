import type { Hole, HoleKind } from './hole';
import type { Caller } from '../diff/callers';
import { callersOf, describeCaller } from '../diff/callers';
import type { NotJudged } from '../edge/not-judged';
import { CLAIMS_OUTSIDE } from '../edge/outside-input';
import type { RouteOrigin } from '../envoy/proxy-config';
import type { Route } from '../envoy/xds/route';
import { CheckedMesh } from '../invariants/checked-mesh';
import type { CheckedProxy } from '../invariants/checked-mesh';
import type { Entrance } from '../invariants/entrances';
import { entrancesOf } from '../invariants/entrances';
import type { CallerGroup } from '../invariants/scope';
import { Scope } from '../invariants/scope';
import type { Sent } from '../invariants/witness';
import { sent } from '../invariants/witness';
import { describeObject } from '../manifest/kubernetes-object';
import { pathText } from '../manifest/provenance';
import { readValue } from '../manifest/shape';
import { Budget } from '../proof/budget';
import { exampleRequest } from '../proof/example-request';
import type { RequestSpace } from '../proof/fields';
import { requestSpace } from '../proof/fields';
import type { Failure } from '../proof/requests';
import { Requests } from '../proof/requests';
import type { Row } from '../proof/route-table';
import type { Objection } from '../proof/search';
import { search } from '../proof/search';
import type { Decision } from '../simulator/decision';
import type { MeshParts } from '../simulator/mesh-parts';
import { REFUSED } from '../simulator/outcome';
import { routePlan } from '../simulator/route-plan';

/** Steps for one virtual host, about half a second, and for each of its routes, about a thousandth. */
const STEPS = { least: 1_000_000, each: 2_000 };

/** Holes, and how many routes are not decided. */
export interface Holes {
  readonly holes: readonly Hole[];
  readonly open: number;
}

/** Finds the holes in the routes of all callers. */
export function findHoles(parts: MeshParts): Holes {
  const mesh = new CheckedMesh(parts);
  const finder = new HoleFinder(mesh);
  for (const group of new Scope(parts, {}).groups) finder.inGroup(group);
  return finder.result;
}

/** What reaches a row, and the earlier rows that take requests away from it. */
interface Reach {
  readonly found: Requests | Failure;
  readonly takers: ReadonlySet<Row>;
}

class HoleFinder {
  private readonly holes = new Map<string, Hole>();
  /** The entries that some request reaches at some caller, and that are therefore not unreachable. */
  private readonly reached = new Set<string>();
  /** The callers in the input. Others only tell which entries are reached. */
  private readonly known: ReadonlySet<string>;
  private open = 0;

  constructor(private readonly mesh: CheckedMesh) {
    const { objects, defaultNamespace } = mesh.parts;
    this.known = new Set(callersOf(objects, defaultNamespace).map(describeCaller));
  }

  public get result(): Holes {
    const holes = [...this.holes.values()].filter(({ kind, origin }) => kind !== 'unreachable' || !this.reached.has(originKey(origin)));
    return { holes: holes.map(hole => ({ ...hole, notJudged: [...hole.notJudged, ...this.outside(hole)] })), open: this.open };
  }

  /**
   * What lies outside the input and may make an unreachable entry reachable: Gateways, as what covers it is for other ones, and what
   * verifies the tokens of its claims.
   */
  private outside({ kind, origin, coveredBy }: Hole): readonly NotJudged[] {
    if (kind !== 'unreachable' || origin === undefined) return [];
    const name = describeObject(origin.object);
    const isOfItself = coveredBy.every(each => describeObject(each.object) === name && !namesGateways(each));
    return this.mesh.parts.edge.all.filter(({ objects, what }) => objects.includes(name) && (!isOfItself || what === CLAIMS_OUTSIDE))
      .map(entry => ({ ...entry, objects: [name] }));
  }

  public inGroup({ representative, members }: CallerGroup): void {
    const proxy = this.mesh.proxy(representative);
    const callers = members.map(({ caller }) => caller).filter(caller => this.known.has(describeCaller(caller)));
    for (const entrance of entrancesOf(proxy, {}, undefined)) this.atEntrance(entrance, proxy, callers);
  }

  private atEntrance(entrance: Entrance, proxy: CheckedProxy, callers: readonly Caller[]): void {
    const { table, host, arrival } = entrance;
    const routes = host.virtualHost.routes ?? [];
    // A virtual host without routes answers 404 like an unknown host.
    if (routes.length === 0) return;
    const budget = new Budget(STEPS.least + STEPS.each * table.rows.length);
    // Requests that have a header several times count only where no other request reaches a route.
    const spaces = [false, true].map(repeats => requestSpace(arrival, repeats, budget));
    const hasOthers = table.rows.some(({ conditions }) => conditions.length > 0);
    for (const row of table.rows) {
      const route = routes.at(row.index);
      const origin = route && proxy.config.origins.get(route);
      if (table.byKey.get(row.key) !== row) {
        if (origin) this.addUnreachable(entrance, callers, origin, [proxy.config.origins.get(routes[table.byKey.get(row.key)!.index])]);
        continue;
      }
      const { found, takers } = reachOf(entrance, spaces, row);
      if (found === 'not decided') {
        if (callers.length > 0) this.open++;
        this.reached.add(originKey(origin));
      } else if (found === 'none') {
        if (origin) this.addUnreachable(entrance, callers, origin, [...takers].map(taker => proxy.config.origins.get(routes[taker.index])));
      } else {
        this.reached.add(originKey(origin));
        const kind = callers.length === 0 ? undefined : this.kindOf(row, route, proxy, hasOthers);
        if (kind) this.tried(kind, entrance, found, callers, origin);
      }
    }
  }

  /** What may be wrong with the requests of a route. */
  private kindOf(row: Row, route: Route | undefined, { simulated }: CheckedProxy, hasOthers: boolean): HoleKind | undefined {
    if (route === undefined) return 'no route';
    if (route.redirect) return 'redirect loop';
    const receptions = routePlan(route, simulated.clusters).split.map(({ reception }) => reception);
    if (receptions.includes('unknown cluster')) return 'unknown cluster';
    if (receptions.includes('no healthy host')) return 'no endpoint';
    return hasOthers && row.conditions.length === 0 ? 'default' : undefined;
  }

  /** Adds a hole if the simulator confirms it. */
  private tried(kind: HoleKind, entrance: Entrance, found: Requests, callers: readonly Caller[], origin: RouteOrigin | undefined): void {
    const result = sent(this.mesh, callers[0], undefined, exampleRequest(found, entrance.scheme, entrance.port));
    if (!result || !shows(kind, result.decision)) {
      // A gateway that denies a request routes it nowhere.
      if (kind !== 'redirect loop' && !(result && REFUSED.has(result.decision.outcome))) this.open++;
      return;
    }
    this.add(kind, entrance, callers, origin, [], result);
  }

  private addUnreachable(
    entrance: Entrance, callers: readonly Caller[], origin: RouteOrigin, by: readonly (RouteOrigin | undefined)[],
  ): void {
    if (callers.length > 0) this.add('unreachable', entrance, callers, origin, by.filter(each => each !== undefined), undefined);
  }

  private add(
    kind: HoleKind, { host: { host }, port }: Entrance, callers: readonly Caller[], origin: RouteOrigin | undefined,
    coveredBy: readonly RouteOrigin[], result: Sent | undefined,
  ): void {
    const key = kind === 'unreachable' ? `${kind} ${originKey(origin)}` : `${kind} ${host} ${port} ${originKey(origin)}`;
    const known = this.holes.get(key);
    if (known) {
      const names = new Set(known.callers.map(describeCaller));
      known.callers.push(...callers.filter(caller => !names.has(describeCaller(caller))));
      return;
    }
    const more = { ...(result && { witness: result.witness }), ...(origin && { origin }) };
    this.holes.set(key, { kind, host, port, callers: [...callers], coveredBy, notJudged: result?.notJudged ?? [], ...more });
  }
}

/** A request that reaches a row, with the rows that take samples away from it. One that the proxy does not deny comes first. */
function reachOf({ table, gate }: Entrance, spaces: readonly RequestSpace[], row: Row): Reach {
  const takers = new Set<Row>();
  const find = (space: RequestSpace, denied: Objection) => {
    const start = new Requests(space).and(row.conditions);
    return typeof start === 'string' ? start : search(space, start, sample => {
      const taking = table.first(sample);
      if (taking.index >= row.index) return denied(sample);
      takers.add(taking);
      return taking.conditions;
    });
  };
  let found: Requests | Failure = 'none';
  for (const space of spaces) {
    if (!gate.isOpen) found = find(space, sample => gate.denial(sample, false)?.because);
    if (typeof found === 'string') found = find(space, () => undefined);
    if (found !== 'none') break;
  }
  return { found, takers };
}

/** Whether a decision of the simulator shows a hole. */
function shows(kind: HoleKind, { outcome, split, isRedirectLoop }: Decision): boolean {
  switch (kind) {
    case 'no route': return outcome === 'no route';
    case 'unknown cluster': return split.some(({ reception }) => reception === 'unknown cluster');
    case 'no endpoint': return split.some(({ reception }) => reception === 'no healthy host');
    case 'redirect loop': return isRedirectLoop;
    default: return outcome !== 'not decided';
  }
}

const GATEWAYS = { spec: { http: [{ match: [{ gateways: ['string'] }] }] } } as const;

/** Whether an entry is only for some of the Gateways of its VirtualService. */
function namesGateways({ object, path: [, , rule, , match = 0] }: RouteOrigin): boolean {
  const { gateways = [] } = readValue(GATEWAYS, object)?.spec?.http?.[Number(rule)]?.match?.[Number(match)] ?? {};
  return gateways.length > 0;
}

function originKey(origin: RouteOrigin | undefined): string {
  return origin === undefined ? '' : `${describeObject(origin.object)} ${pathText(origin.path)}`;
}
