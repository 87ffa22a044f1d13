import { CheckedMesh } from './checked-mesh';
import type { Claim } from './claim';
import { claimsOf, neverReaches } from './claim';
import type { Findings } from './claim-proof';
import { ClaimProof } from './claim-proof';
import { parseGateway } from './gateway-name';
import type { CallersFields, RequestsFields, TargetFields } from './invariant';
import type { Invariant } from './invariants-file';
import { otherWays } from './other-ways';
import type { Result } from './result';
import { Scope } from './scope';
import type { Target } from './target';
import { targetOf } from './target';
import type { MeshParts } from '../simulator/mesh-parts';

/** What an invariant says: claims about the requests of callers. */
interface Statement {
  readonly callers: CallersFields;
  readonly requests?: RequestsFields;
  readonly claims: readonly Claim[];
}

/** Proves the invariants of a mesh, or refutes them with a request that the simulator confirms. */
export function prove(invariants: readonly Invariant[], parts: MeshParts): Result[] {
  const mesh = new CheckedMesh(parts);
  return invariants.map(invariant => resultOf(invariant, mesh));
}

function resultOf(invariant: Invariant, mesh: CheckedMesh): Result {
  const { name, file, line } = invariant;
  const { callers, requests, claims } = statementOf(invariant, mesh);
  const place = { ...(file !== undefined && { file }), ...(line !== undefined && { line }) };
  const common = { name, expected: claims.map(({ words }) => words).join(', and '), ...place };
  const scope = new Scope(mesh.parts, callers);
  const [host, ...others] = requests?.host === undefined ? [] : hostsOf(requests.host, mesh);
  if (others.length > 0) {
    const reason = `${requests!.host} stands for ${[host, ...others].sort().join(' and ')}; write one of them`;
    return { ...common, outcome: 'not decided', reasons: [reason], notJudged: [] };
  }
  const absent = absentGateway(callers, mesh);
  if (absent !== undefined) {
    return { ...common, outcome: 'not decided', reasons: [`no Gateway of the input selects the gateway ${absent}`], notJudged: [] };
  }
  const found = claims.map(claim => new ClaimProof(mesh, scope, claim, requests, host).run());
  const broken = found.find(each => each.broken)?.broken;
  if (broken) return { ...common, outcome: 'does not hold', reasons: [], witness: broken, notJudged: [] };
  const [reasons, notJudged] = [found.flatMap(each => each.reasons), found.flatMap(each => each.notJudged)];
  const possible = found.find(each => each.possible)?.possible;
  if (reasons.length === 0 && notJudged.length === 0) {
    const tried = (claim: Claim) => new ClaimProof(mesh, scope, claim, requests, host).run();
    return { ...common, ...withOtherWays(claims, mesh, tried) };
  }
  return { ...common, outcome: 'not decided', reasons: [...new Set(reasons)], notJudged, ...(possible && { witness: possible }) };
}

/** The result of claims that hold: not decided if some request reaches the pods of a target by another host. */
function withOtherWays(
  claims: readonly Claim[], mesh: CheckedMesh, tried: (claim: Claim) => Findings,
): Pick<Result, 'outcome' | 'reasons' | 'witness' | 'notJudged'> {
  const ways = claims.flatMap(({ limited }) => (limited ? otherWays(limited, mesh) : []));
  const taken = ways.map(({ why, target }) => ({ why, found: tried(neverReaches(target)) }))
    .filter(({ found: { broken, possible, reasons } }) => broken !== undefined || possible !== undefined || reasons.length > 0);
  if (taken.length === 0) return { outcome: 'holds', reasons: [], notJudged: [] };
  const witness = taken.map(({ found: { broken, possible } }) => broken ?? possible).find(each => each !== undefined);
  return { outcome: 'not decided', reasons: taken.map(({ why }) => why), notJudged: [], ...(witness && { witness }) };
}

/** A gateway among the callers that has no listener in the input, such as one with misspelt labels. */
function absentGateway({ from = [] }: CallersFields, mesh: CheckedMesh): string | undefined {
  if (mesh.parts.edge.isComplete) return undefined;
  return from.flatMap(({ gateway }) => gateway ?? []).find(gateway => mesh.proxy(parseGateway(gateway)!).config.listeners.length === 0);
}

/** The full host of requests to a name: of a Service if it is one's, else the name. */
function hostsOf(name: string, mesh: CheckedMesh): readonly string[] {
  const known = mesh.hostsNamed(name);
  return known.length > 0 ? known : [name];
}

function statementOf({ never, always, egress }: Invariant, mesh: CheckedMesh): Statement {
  const find = (fields: TargetFields) => targetOf(fields, mesh);
  if (never) return { callers: never, ...(never.requests && { requests: never.requests }), claims: [neverReaches(find(never.to))] };
  if (always) return { callers: always, requests: always.requests, claims: claimsOf(always, find) };
  const { through, except = [], ...callers } = egress!;
  return { callers: { ...callers, except: [...except, { gateway: through }] }, claims: [neverReaches(outside(mesh, through))] };
}

/** All that is outside of the mesh, unless a gateway leads there. */
function outside(mesh: CheckedMesh, through: string): Target {
  const isOutside = (host: string) => mesh.services.get(host)?.some(({ meshExternal }) => meshExternal);
  const words = `a host outside of the mesh except through ${through}`;
  return { words, hosts: [], takes: ({ host }) => host === undefined || isOutside(host) === true };
}
