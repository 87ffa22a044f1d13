import type { AlwaysFields, CallersFields, InvariantFields, NeverFields, RequestsFields, TargetFields } from './invariant';
import type { Invariant } from './invariants-file';
import { loadInvariants, statedInvariants } from './invariants-file';
import { prove } from './prove';
import type { Result } from './result';
import { describeWitness, reasonsOf } from './result-words';
import { plainText } from '../manifest/plain-text';
import type { Verdict } from '../simulator/expectations';
import type { Mesh } from '../simulator/mesh';

/** Limits of all requests that are routed to a service. */
export type Limits = Pick<AlwaysFields, 'timeout' | 'retries' | 'share'>;

/** No request reaches a destination. */
export function neverReaches(mesh: Mesh, to: TargetFields, of: Omit<NeverFields, 'to'> = {}): Verdict {
  return verdictOn(mesh, 'toNeverReach', { never: { ...of, to } });
}

/** Every request reaches a destination. */
export function alwaysReaches(mesh: Mesh, reach: TargetFields, requests: RequestsFields, callers: CallersFields = {}): Verdict {
  return verdictOn(mesh, 'toAlwaysReach', { always: { ...callers, requests, reach } });
}

/** Every request that is routed to a service keeps limits. */
export function alwaysStaysWithin(mesh: Mesh, limits: Limits, requests: RequestsFields, callers: CallersFields = {}): Verdict {
  return verdictOn(mesh, 'toAlwaysStayWithin', { always: { ...callers, requests, ...limits } });
}

/** Nothing leaves the mesh except through a gateway. */
export function leavesOnlyThrough(mesh: Mesh, gateway: string, callers: CallersFields = {}): Verdict {
  return verdictOn(mesh, 'toLeaveOnlyThrough', { egress: { ...callers, through: gateway } });
}

/** All invariants of a file hold. */
export function keepsInvariants(mesh: Mesh, file: string): Verdict {
  return verdict(mesh, loadInvariants(file));
}

function verdictOn(mesh: Mesh, matcher: string, fields: Omit<InvariantFields, 'name'>): Verdict {
  return verdict(mesh, statedInvariants([{ name: matcher, ...fields }], matcher));
}

/** The verdict on invariants. Throws if one of them is not decided and none is broken. */
function verdict(mesh: Mesh, invariants: readonly Invariant[]): Verdict {
  const results = prove(invariants, mesh._parts);
  const expected = results.map(result => result.expected).join(', and ');
  const broken = results.filter(({ outcome }) => outcome === 'does not hold');
  const open = results.filter(({ outcome }) => outcome === 'not decided');
  if (broken.length === 0 && open.length > 0) throw new Error(open.map(notDecided).join('\n\n'));
  const pass = broken.length === 0;
  const proven = `expected a request that breaks this: ${expected}; it is proven that there is none`;
  return { pass, expected, message: () => (pass ? plainText(proven) : broken.map(failure).join('\n\n')) };
}

function failure({ name, file, line, expected, witness }: Result): string {
  const place = file === undefined ? '' : `${file}:${line}: ${name}: `;
  return [`${place}expected ${expected}, but not for ${describeWitness(witness!)}`, '', ...witness!.explanation].map(plainText).join('\n');
}

function notDecided(result: Result): string {
  const { expected, witness } = result;
  const possible = witness ? ['', `it depends on ${describeWitness(witness)}`, ...witness.explanation] : [];
  return [`expected ${expected}, but this is not decided: ${reasonsOf(result).join('; ')}`, ...possible].map(plainText).join('\n');
}
