import { accessBootstrap } from './access-bootstrap';
import { Authorizers } from './authorizer';
import { Authority } from './certificates';
import { gatewayCase } from './gateway-case';
import { callFromOutside, gatewaysOf, realAtGateway, simulatedAtGateway } from './gateways';
import type { SentCall } from './generate';
import { generatedCall } from './generate';
import { realOutcome, simulatedVerdict } from './outcomes';
import { reachable, subjectsOf } from './subjects';
import { Issuer } from './tokens';
import { accessCase } from '../access/access-case';
import { EnvoyProcess } from '../envoy/process';
import { Dice } from '../fuzz/dice';
import type { Report } from '../report';

/** The calls to each pod and to each gateway. */
const PER_PLACE = 20;
/** The number of meshes whose pods share one Envoy. */
const TOGETHER = 25;
/** The number of simultaneous calls. */
const PARALLEL = 32;

/** Sends generated calls to a real Envoy with istiod's configuration of pods and gateways, and to the simulator with our translation. */
export async function judgeAccessRequests(report: Report, meshes: number, first = 1): Promise<void> {
  const [authority, issuer, authorizers] = [new Authority(), new Issuer(), await Authorizers.start()];
  const [atPods, atGateways] = [new Tally(), new Tally()];
  try {
    for (let from = 0; from < meshes; from += TOGETHER) {
      const seeds = Array.from({ length: Math.min(TOGETHER, meshes - from) }, (_, i) => first + from + i);
      const subjects = await subjectsOf(seeds.map(seed => reachable(accessCase(seed), issuer)));
      const gateways = await gatewaysOf(seeds.map(seed => reachable(gatewayCase(seed), issuer)));
      const places = [...subjects, ...gateways.flatMap(({ listeners }) => [...listeners.values()])];
      const envoy = await EnvoyProcess.start({ bootstrap: () => accessBootstrap(places, authority, authorizers) });
      try {
        const real = { envoy, authority, issuer };
        const toPods = subjects.flatMap(subject => calls(subject.seed, dice => generatedCall(dice, subject.ports)).map(call => async () => (
          atPods.add(subject.name, call, simulatedVerdict(subject, call), await realOutcome(subject, call, real)))));
        const toGateways = gateways.flatMap(gateway => calls(gateway.seed, dice => callFromOutside(dice, gateway)).map(call => async () => (
          atGateways.add(gateway.name, call, simulatedAtGateway(gateway, call), await realAtGateway(gateway, call, real)))));
        await inParallel([...toPods, ...toGateways]);
      } finally {
        await envoy.stop();
      }
    }
  } finally {
    authorizers.stop();
    authority.close();
  }
  report.add('a real Envoy allows, denies and resets the same calls to pods as the simulator', atPods.wrong, atPods.figure);
  report.add('a real Envoy allows, denies, resets and routes the same calls from outside at gateways', atGateways.wrong, atGateways.figure);
}

function calls(seed: number, call: (dice: Dice) => SentCall): SentCall[] {
  const dice = new Dice(seed);
  return Array.from({ length: PER_PLACE }, () => call(dice));
}

async function inParallel(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = [...tasks];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next();
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

/** The outcomes of calls, and where the simulator's differ. */
class Tally {
  public readonly wrong: string[] = [];
  private readonly outcomes = new Map<string, number>();
  private calls = 0;

  public add(name: string, call: SentCall, { outcome, why }: { readonly outcome: string; readonly why: string }, real: string): void {
    const isOpen = outcome === 'undecided';
    const key = isOpen ? 'undecided' : real;
    this.calls++;
    this.outcomes.set(key, (this.outcomes.get(key) ?? 0) + 1);
    if (!isOpen && outcome !== real) this.wrong.push(`${name}: ${JSON.stringify(call)}: ${outcome} (${why}), but in Envoy ${real}`);
  }

  public get figure(): string {
    return `${this.calls} calls: ${[...this.outcomes].sort().map(([outcome, number]) => `${number} ${outcome}`).join(', ')}`;
  }
}
