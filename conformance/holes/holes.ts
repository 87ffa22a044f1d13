import { callersOf, describeCaller } from '../../src/diff/callers';
import { Edge } from '../../src/edge/edge';
import type { RouteOrigin } from '../../src/envoy/proxy-config';
import { Translator } from '../../src/envoy/translator';
import type { Holes } from '../../src/holes/find-holes';
import { findHoles } from '../../src/holes/find-holes';
import type { Hole, HoleKind } from '../../src/holes/hole';
import { describeObject } from '../../src/manifest/kubernetes-object';
import { pathText } from '../../src/manifest/provenance';
import type { ExampleRequest } from '../../src/proof/example-request';
import type { Decision } from '../../src/simulator/decision';
import { SimulatedProxies } from '../../src/simulator/simulated-proxies';
import type { SimulatedProxy } from '../../src/simulator/simulated-proxy';
import { Dice } from '../fuzz/dice';
import { meshWithGaps, PUBLIC } from '../invariants/random-mesh';
import type { RandomMesh } from '../invariants/random-mesh';
import { decisionOf, withSomeToken } from '../invariants/sent-sample';
import { HOST } from '../proof/rules';
import { samples } from '../proof/samples';
import type { Report } from '../report';

/** So many routes of a hundred with holes may be undecided. */
const MOST_OPEN = 5;

interface Judged {
  readonly found: Holes;
  readonly wrong: readonly string[];
}

/** What a decision shows, and the entry that shows it. */
interface Shown {
  readonly kind: HoleKind;
  readonly origin?: RouteOrigin;
}

function placeOf(origin: RouteOrigin | undefined): string {
  return origin === undefined ? '' : `${describeObject(origin.object)} ${pathText(origin.path)}`;
}

function shownBy({ outcome, split, origin, place: { found } }: Decision): Shown | undefined {
  const has = (reception: string) => split.some(share => share.reception === reception);
  if (outcome === 'no route') return (found?.host.routes ?? []).length === 0 ? undefined : { kind: 'no route' };
  if (has('unknown cluster')) return { kind: 'unknown cluster', origin };
  return has('no healthy host') ? { kind: 'no endpoint', origin } : undefined;
}

/** Whether a decision shows a hole of a kind. A request that the pods or the gateway refuse shows none. */
function shows(kind: HoleKind, decision: Decision): boolean {
  if (kind === 'redirect loop') return decision.isRedirectLoop;
  return kind === 'default' ? decision.outcome !== 'no route' : shownBy(decision)?.kind === kind;
}

/** The requests at a proxy: those to the service, or at a gateway to the public host. */
function sampledAt({ proxy }: SimulatedProxy, { rules }: RandomMesh, dice: Dice): readonly ExampleRequest[] {
  const host = proxy.type === 'gateway' ? PUBLIC : HOST;
  return samples(dice, rules).map(({ method, url, headers = {} }) => {
    const { host: _, ...others } = headers;
    const sent = { method, url: url.replace(HOST, host), headers: proxy.type === 'gateway' ? others : headers };
    return proxy.type === 'gateway' ? withSomeToken(dice, sent) : sent;
  });
}

function judged(generated: RandomMesh, dice: Dice): Judged {
  const { objects } = generated;
  const edge = new Edge(objects, { complete: true, hasAllPods: true });
  const parts = { objects, translator: new Translator(objects), edge };
  const found = findHoles(parts);
  const simulated = new SimulatedProxies(parts);
  const proxies = new Map(callersOf(objects, undefined).map(caller => [describeCaller(caller), simulated.of(caller)]));
  const unshown = found.holes.flatMap(hole => witnessProblem(hole, proxies));
  const missed = [...proxies].flatMap(([caller, proxy]) => sampledAt(proxy, generated, dice).flatMap(request => {
    const problem = sampleProblem(decisionOf(proxy, request), caller, found);
    return problem === undefined ? [] : [`${caller}: ${JSON.stringify(request)}: ${problem}`];
  }));
  return { found, wrong: [...unshown, ...missed].slice(0, 3) };
}

function witnessProblem({ kind, witness, origin }: Hole, proxies: ReadonlyMap<string, SimulatedProxy>): string[] {
  if (kind === 'unreachable') return [];
  if (witness === undefined || !('method' in witness.request)) return [`${kind} has no request that shows it`];
  const decision = decisionOf(proxies.get(describeCaller(witness.caller))!, witness.request);
  const isOfRule = kind === 'no route' || placeOf(decision.origin) === placeOf(origin);
  return shows(kind, decision) && isOfRule ? [] : [`${kind}: the request ${JSON.stringify(witness.request)} is ${decision.outcome}`];
}

/** What a sampled request shows that the holes contradict. */
function sampleProblem(decision: Decision, caller: string, { holes, open }: Holes): string | undefined {
  const reached = placeOf(decision.origin);
  if (reached !== '' && holes.some(({ kind, origin }) => kind === 'unreachable' && placeOf(origin) === reached)) {
    return `it reaches ${reached}, which is called unreachable`;
  }
  const shown = shownBy(decision);
  if (shown === undefined || open > 0) return undefined;
  const isListed = holes.some(({ kind, origin, callers }) => kind === shown.kind && placeOf(origin) === placeOf(shown.origin)
    && callers.some(each => describeCaller(each) === caller));
  return isListed ? undefined : `${shown.kind} at ${placeOf(shown.origin)} is not found`;
}

/** Compares the holes of generated meshes with what the simulator says of sampled requests. */
export function judgeHoles(report: Report, meshes: number): void {
  const all = Array.from({ length: meshes }, (_, i) => ({ seed: i + 1, ...judged(meshWithGaps(new Dice(i + 1)), new Dice(i + 1)) }));
  const wrong = all.flatMap(each => each.wrong.map(text => `seed ${each.seed}: ${text}`));
  const kinds = all.flatMap(({ found }) => found.holes.map(({ kind }) => kind));
  const counts = [...new Set(kinds)].sort().map(kind => `${kinds.filter(each => each === kind).length} ${kind}`);
  const open = all.reduce((sum, { found }) => sum + found.open, 0);
  report.add('every hole is shown by its request, no sampled request reaches an unreachable rule, and each sampled 404 and 503 is in a hole',
    wrong, `${counts.join(', ')}, ${open} not decided`);
  report.add(`at most ${MOST_OPEN} of a hundred holes are not decided`,
    100 * open > MOST_OPEN * kinds.length ? [`${open} of ${kinds.length}`] : []);
}
