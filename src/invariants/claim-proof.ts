import type { Attempt } from './attempt';
import { attemptsFor } from './attempt';
import type { CheckedMesh } from './checked-mesh';
import type { Breach, Claim } from './claim';
import { connectionsTo, unknownHostRequest } from './connections';
import { DestinationAccess } from './destination-access';
import type { Entrance } from './entrances';
import { entrancesOf } from './entrances';
import type { RequestMatch, RequestsFields } from './invariant';
import { passedThrough } from './passed-through';
import type { Witness } from './result';
import type { Account, CallerGroup, Member, Scope } from './scope';
import type { Sent } from './witness';
import { sent } from './witness';
import type { NotJudged } from '../edge/not-judged';
import { HOST_OUTSIDE } from '../edge/outside-input';
import { routeMatch } from '../envoy/routes/route-match';
import type { Route } from '../envoy/xds/route';
import { Budget } from '../proof/budget';
import type { Condition } from '../proof/condition';
import { conditionsOf } from '../proof/condition';
import { describeExample, exampleRequest } from '../proof/example-request';
import type { RequestSpace } from '../proof/fields';
import { requestSpace } from '../proof/fields';
import type { Failure } from '../proof/requests';
import { Requests } from '../proof/requests';
import type { Row } from '../proof/route-table';
import { search } from '../proof/search';
import { REFUSED } from '../simulator/outcome';
import { routePlan } from '../simulator/route-plan';

/** What is found about a claim. Without a broken request and without reasons, it holds for what is read. */
export interface Findings {
  readonly broken?: Witness;
  /** What a request may show that the simulator does not decide, or that is not read. */
  readonly possible?: Witness;
  readonly reasons: readonly string[];
  readonly notJudged: readonly NotJudged[];
}

/** Steps for one virtual host, about a second, and for each of its routes, about a thousandth. */
const STEPS = { least: 2_000_000, each: 2_000 };

/** Whether access policies, or mutual TLS, certainly keep a connection out. A connection of the same chain meets the same conditions. */
function isKeptOut({ decision: { outcome }, notJudged }: Sent): boolean {
  return REFUSED.has(outcome) && notJudged.length === 0;
}

/** A request whose host stands for all hosts without a service. */
function toInventedHost(result: Sent): Sent {
  return { ...result, notJudged: result.notJudged.filter(({ what }) => what !== HOST_OUTSIDE) };
}

/** An item of `match`. Its claims are those of a verified token, as for the routes of Istio. */
interface StatedMatch {
  readonly conditions: readonly Condition[];
  readonly namesClaims: boolean;
}

function statedMatch(match: RequestMatch): StatedMatch {
  const { dynamicMetadata = [], ...others } = routeMatch(match);
  return { conditions: conditionsOf({ dynamicMetadata, ...others }, true), namesClaims: dynamicMetadata.length > 0 };
}

/** The proof of one claim about all requests of some callers. */
export class ClaimProof {
  private readonly reasons = new Set<string>();
  private readonly notJudged = new Map<string, NotJudged>();
  private readonly matches: readonly StatedMatch[];
  /** The items of `match` that some request meets. */
  private readonly met = new Set<number>();
  private readonly asked = new Set<string>();
  private possible?: Witness;
  private hasEntrance = false;

  constructor(
    private readonly mesh: CheckedMesh, private readonly scope: Scope, private readonly claim: Claim,
    private readonly requests: RequestsFields | undefined, private readonly name: string | undefined,
  ) {
    this.matches = requests?.match?.map(statedMatch) ?? [{ conditions: [], namesClaims: false }];
  }

  public run(): Findings {
    for (const { problem } of this.claim.targets) if (problem !== undefined) this.reasons.add(problem);
    if (this.reasons.size > 0) return this.findings();
    const { groups } = this.scope;
    if (groups.length === 0) this.reasons.add('the invariant has no callers: the input has none, or all of them are left out');
    for (const group of groups) {
      const broken = this.inGroup(group);
      if (broken) return { ...this.findings(), broken };
    }
    if (this.requests && groups.length > 0 && !this.hasEntrance) this.reasons.add(`no caller has HTTP routes${this.place(this.requests)}`);
    const unmet = this.matches.findIndex((_, i) => !this.met.has(i));
    if (this.hasEntrance && unmet !== -1) this.reasons.add(`no request meets match[${unmet}]`);
    return this.findings();
  }

  private place({ port }: RequestsFields): string {
    const parts = [...(this.name === undefined ? [] : [this.name]), ...(port === undefined ? [] : [`port ${port}`])];
    return parts.length === 0 ? '' : ` for ${parts.join(', ')}`;
  }

  private findings(): Findings {
    const { possible, reasons, notJudged } = this;
    return { ...(possible && { possible }), reasons: [...reasons], notJudged: [...notJudged.values()] };
  }

  private inGroup(group: CallerGroup): Witness | undefined {
    const proxy = this.mesh.proxy(group.representative);
    const entrances = entrancesOf(proxy, this.requests ?? {}, this.name);
    this.hasEntrance ||= entrances.length > 0;
    this.asked.clear();
    for (const entrance of entrances) {
      const broken = this.atEntrance(entrance, group);
      if (broken) return broken;
    }
    if (this.requests === undefined) {
      const unknown = unknownHostRequest(proxy, this.claim);
      for (const connection of [...connectionsTo(proxy, this.claim), ...(unknown ? [unknown] : [])]) {
        const broken = this.firstBroken(group, ({ caller }, { as }) => {
          const result = sent(this.mesh, caller, as, connection);
          if (result === undefined || isKeptOut(result)) return undefined;
          return connection === unknown ? toInventedHost(result) : result;
        });
        if (broken) return broken;
      }
    }
    const { forbidden } = this.claim;
    if (forbidden) for (const why of passedThrough(this.mesh, group.representative, forbidden, this.name)) this.reasons.add(why);
    if (entrances.length > 0 || this.name === undefined) this.readEdge(group);
    return undefined;
  }

  private atEntrance(entrance: Entrance, group: CallerGroup): Witness | undefined {
    const { table, arrival, host } = entrance;
    const budget = new Budget(STEPS.least + STEPS.each * table.rows.length);
    const space = requestSpace(arrival, this.claim.countsRepeats, budget);
    const { clusters } = this.mesh.proxy(group.representative).simulated;
    this.matches.forEach(({ conditions, namesClaims }, i) => {
      if (namesClaims && !entrance.gate.verifiesTokens) {
        this.reasons.add(`match[${i}] names claims, and a proxy that routes ${entrance.host.host} verifies no tokens`);
      }
      if (!this.met.has(i) && new Requests(space).and(conditions) !== 'none') this.met.add(i);
    });
    for (const row of table.byKey.values()) {
      const route = host.virtualHost.routes?.[row.index];
      const breaches = this.claim.breaches({ route, ...(route && { plan: routePlan(route, clusters) }) });
      if (breaches.length === 0) continue;
      const broken = this.atRow(entrance, space, row, route, breaches, group);
      if (broken) return broken;
    }
    return undefined;
  }

  private atRow(
    entrance: Entrance, space: RequestSpace, row: Row, route: Route | undefined, breaches: readonly Breach[], group: CallerGroup,
  ): Witness | undefined {
    const known = new Map<string, Requests | Failure>();
    const proxy = this.mesh.proxy(group.representative);
    for (const member of group.members) {
      for (const account of member.accounts) {
        const access = new DestinationAccess(this.mesh, proxy, entrance, member, account, this.scope.isExcepted);
        for (const breach of breaches) {
          if (typeof breach !== 'string') this.asked.add(('denied' in breach ? breach.denied : breach.letThrough).host ?? '');
          for (const attempt of attemptsFor(breach, route, entrance.gate, access)) {
            const { key } = attempt;
            if (!known.has(key)) known.set(key, this.find(entrance, space, row, attempt));
            const found = known.get(key)!;
            if (found === 'none') continue;
            if (found === 'not decided') {
              this.reasons.add(`the conditions of ${entrance.host.host} are too many, or too complicated, for the step limit`);
              continue;
            }
            const named = typeof breach === 'string' || !('letThrough' in breach) ? [] : access.accountsNamed(breach.letThrough);
            const broken = this.tried(member, account, named, found, entrance);
            if (broken) return broken;
          }
        }
      }
    }
    return undefined;
  }

  /** A request that surely breaks the claim, else one that may. */
  private find({ table, gate }: Entrance, space: RequestSpace, row: Row, { objection }: Attempt): Requests | Failure {
    let failure: Failure = 'none';
    for (const surely of [true, false]) {
      failure = 'none';
      const objects = objection(surely);
      for (const { conditions, namesClaims } of this.matches) {
        if (namesClaims && !gate.verifiesTokens) continue;
        const start = new Requests(space).and([...row.conditions, ...conditions]);
        const found = typeof start === 'string' ? start : search(space, start, sample => {
          const taking = table.first(sample);
          if (taking.index < row.index) return taking.conditions;
          return (namesClaims ? gate.tokenDenial(sample)?.because : undefined) ?? objects(sample);
        });
        if (typeof found !== 'string') return found;
        if (found === 'not decided') failure = found;
      }
    }
    return failure;
  }

  private tried(member: Member, { as }: Account, named: readonly string[], found: Requests, entrance: Entrance): Witness | undefined {
    const request = exampleRequest(found, entrance.scheme, entrance.port);
    const { namespace } = member.caller;
    const accounts = as ? [as] : [undefined, ...named.map(serviceAccount => ({ namespace, serviceAccount }))];
    const results = accounts.map(account => sent(this.mesh, member.caller, account, request));
    const broken = results.map(result => this.judged(result)).find(witness => witness !== undefined);
    if (broken) return broken;
    if (results.every(result => result === undefined)) this.reasons.add(`${describeExample(request)} cannot be sent`);
    return undefined;
  }

  private firstBroken(group: CallerGroup, send: (member: Member, account: Account) => Sent | undefined): Witness | undefined {
    for (const member of group.members) {
      for (const account of member.accounts) {
        const broken = this.judged(send(member, account));
        if (broken) return broken;
      }
    }
    return undefined;
  }

  /** A request that breaks the claim, as far as everything is read. What is left open becomes a reason. */
  private judged(result: Sent | undefined): Witness | undefined {
    if (result === undefined) return undefined;
    const { decision, witness, notJudged } = result;
    const { outcome, access } = decision;
    if (outcome !== 'undecided' && outcome !== 'not decided' && this.claim.isBroken(decision)) {
      if (notJudged.length === 0) return witness;
      for (const entry of notJudged) this.read(entry);
    } else {
      const why = outcome === 'undecided' || outcome === 'not decided' ? access?.why ?? 'it depends on what is not read' : undefined;
      const because = access?.why === undefined ? '' : `: ${access.why}`;
      this.reasons.add(why ?? `the simulator does not confirm the request that was found: it is ${outcome}${because}`);
    }
    this.possible ??= witness;
    return undefined;
  }

  /** What is not read of the callers, of their routes and of the pods that were asked. */
  private readEdge({ members }: CallerGroup): void {
    const taking = [...this.asked].filter(host => host !== '');
    for (const { caller } of members) {
      const { translator, edge } = this.mesh.parts;
      const question = { taking, readsInbound: this.mesh.pods.arePoliciesKnown, hasAutomaticTls: true };
      const asked = this.name === undefined ? {} : { asked: [this.name] };
      const entries = translator.sidecarsOf(caller).flatMap(pods => edge.at(pods).notJudged({ ...question, ...asked }));
      for (const entry of entries) this.read(entry);
    }
  }

  private read(entry: NotJudged): void {
    const key = `${entry.what}: ${entry.changes}`;
    const objects = [...new Set([...this.notJudged.get(key)?.objects ?? [], ...entry.objects])];
    this.notJudged.set(key, { ...entry, objects });
  }
}
