import { Authority } from './certificates';
import type { SentCall } from './generate';
import { generatedCall } from './generate';
import { inboundBootstrap } from './inbound-bootstrap';
import type { Real } from './outcomes';
import { realOutcome, simulatedVerdict } from './outcomes';
import type { Subject } from './subjects';
import { reachable, subjectsOf } from './subjects';
import { Issuer } from './tokens';
import { accessCase } from '../access/access-case';
import { EnvoyProcess } from '../envoy/process';
import { Dice } from '../fuzz/dice';
import type { Report } from '../report';

/** The calls to each pod. */
const PER_POD = 20;
/** The number of meshes whose pods share one Envoy. */
const TOGETHER = 25;
/** The number of simultaneous calls. */
const PARALLEL = 32;

/** Sends generated calls to a real Envoy with istiod's inbound configuration, and to the simulator with our translation. */
export async function judgeAccessRequests(report: Report, meshes: number, first = 1): Promise<void> {
  const [authority, issuer, tally] = [new Authority(), new Issuer(), new Tally()];
  try {
    for (let from = 0; from < meshes; from += TOGETHER) {
      const count = Math.min(TOGETHER, meshes - from);
      const subjects = await subjectsOf(Array.from({ length: count }, (_, i) => reachable(accessCase(first + from + i), issuer)));
      const envoy = await EnvoyProcess.start({ bootstrap: () => inboundBootstrap(subjects, authority) });
      try {
        await callAll(subjects, { envoy, authority, issuer }, tally);
      } finally {
        await envoy.stop();
      }
    }
  } finally {
    authority.close();
  }
  report.add('a real Envoy allows, denies and resets the same calls to pods as the simulator', tally.wrong, tally.figure);
}

async function callAll(subjects: readonly Subject[], real: Real, tally: Tally): Promise<void> {
  const waiting = subjects.flatMap(subject => {
    const dice = new Dice(subject.seed);
    return Array.from({ length: PER_POD }, () => [subject, generatedCall(dice, subject.ports)] as const);
  });
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) tally.add(...next, await realOutcome(...next, real));
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** The outcomes of calls, and where the simulator's differ. */
class Tally {
  public readonly wrong: string[] = [];
  private readonly outcomes = new Map<string, number>();
  private calls = 0;

  public add(subject: Subject, call: SentCall, real: string): void {
    const { outcome, why } = simulatedVerdict(subject, call);
    const isOpen = outcome === 'undecided';
    const key = isOpen ? 'undecided' : real;
    this.calls++;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
    if (!isOpen && outcome !== real) {
      this.wrong.push(`${subject.name}: ${JSON.stringify(call)}: ${outcome} (${why}), but in Envoy ${real}`);
    }
  }

  public get figure(): string {
    return `${this.calls} calls: ${[...this.outcomes].sort().map(([outcome, number]) => `${number} ${outcome}`).join(', ')}`;
  }
}
