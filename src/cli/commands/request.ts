import { describeNotJudged } from '../../edge/not-judged';
import { connectionOf, isConnectionUrl } from '../../simulator/connection-url';
import type { Decision } from '../../simulator/decision';
import type { Outcome } from '../../simulator/outcome';
import { REFUSED } from '../../simulator/outcome';
import { Refusal } from '../../simulator/refusal';
import { SimulatedProxies } from '../../simulator/simulated-proxies';
import type { SimulatedProxy } from '../../simulator/simulated-proxy';
import type { Arguments } from '../arguments';
import type { Environment } from '../input/environment';
import { readEnvironments } from '../input/environment';
import { requiredProxy } from '../input/proxy-option';
import { requireSelected } from '../input/selected-gateway';
import { requireWaypoint } from '../input/selected-waypoint';
import { requireObjects, requireReadable } from '../input/told-problems';
import { translationOf } from '../input/translation';
import type { Line } from '../line';
import { styled } from '../line';
import { follow } from '../request/ambient-hops';
import { callerOf } from '../request/caller-options';
import { requestRecord } from '../request/request-record';
import type { Tally } from '../request/tally';
import { tallyOf } from '../request/tally';
import { table } from '../table';
import type { Terminal } from '../terminal';
import { UsageError } from '../usage-error';

/** The outcomes that fail --expect-routed. */
const UNROUTED: ReadonlySet<Outcome> = new Set<Outcome>([
  'blocked', 'no route', 'unknown cluster', 'no healthy host', 'rejected', 'closed', 'connection refused', 'denied', 'unauthenticated',
  'reset',
  'undecided', 'not decided',
]);

export async function requestCommand(given: Arguments, terminal: Terminal): Promise<number> {
  const paths = given.operands.slice(0, isConnectionUrl(given.operands.at(-1)!) ? -1 : -2);
  if (paths.length === 0) {
    throw new UsageError('request takes PATH... METHOD URL, or PATH... and tcp://HOST:PORT or tls://SERVER_NAME:PORT');
  }
  if (given.is('expect-denied') && given.is('expect-routed')) {
    throw new UsageError('--expect-denied and --expect-routed contradict each other; use one of them');
  }
  const count = integerOf(given, 'count', 1);
  const seed = integerOf(given, 'seed', 0);
  const environments = await readEnvironments(paths, given);
  requireObjects(environments, terminal);
  const decided = environments.map(environment => ({ environment, ...decide(environment, given, terminal) }));
  const tallies = decided.map(({ decision }) => (count > 1 ? tallyOf(decision, count, seed) : undefined));
  if (given.get('format') === 'json') {
    const records = decided.map(({ environment: { name }, decision, hops }, i) => ({
      environment: name,
      ...requestRecord(decision, tallies[i]),
      ...hops.length > 0 && { hops },
    }));
    terminal.printJson(given.is('each') ? { environments: records } : records[0]);
  } else {
    decided.forEach(({ environment: { name }, decision, hops }, i) => {
      if (name !== undefined) terminal.print([[styled(`== ${name}`, 'bold')]]);
      terminal.print([...hops.map(hop => `hop: ${hop}`), ...decision.explain().split('\n')]);
      const tally = tallies[i];
      if (tally) terminal.print(tallyTable(tally, count));
    });
  }
  if (given.is('expect-denied') && !decided.every(({ decision }) => isRefused(decision))) return 1;
  return given.is('expect-routed') && !decided.every(({ decision }) => isRouted(decision, given, terminal)) ? 1 : 0;
}

/** Whether access policies refuse all of the requests. */
function isRefused({ outcome }: Decision): boolean {
  return REFUSED.has(outcome);
}

/** Whether a request is routed as --expect-routed requires. With --strict, what is not judged must not be able to change that. */
function isRouted({ outcome, notJudged, split }: Decision, given: Arguments, terminal: Terminal): boolean {
  if (UNROUTED.has(outcome) || split.some(({ access }) => access && access.outcome !== 'allowed')) return false;
  if (notJudged.length === 0) return true;
  terminal.say(`the request is ${outcome}, except for what is not judged: ${notJudged.map(describeNotJudged).join('; ')}`);
  return !given.is('strict');
}

function tallyTable(tally: readonly Tally[], all: number): Line[] {
  const rows = tally.map(({ what, count }) => [String(count), `${(100 * count / all).toFixed(1)} %`, what]);
  return table([['REQUESTS', 'SHARE', 'WHAT'], ...rows]);
}

/** The decision of the proxy that routes a request, and what the hops beside it do. */
interface Decided {
  readonly decision: Decision;
  readonly hops: readonly string[];
}

function decide(environment: Environment, given: Arguments, terminal: Terminal): Decided {
  requireReadable(environment, terminal);
  const proxy = requiredProxy(given);
  requireSelected(proxy, environment, terminal);
  const parts = translationOf(environment, given);
  requireWaypoint(proxy, parts.translator);
  const facts = callerOf(given);
  try {
    return follow(proxy, facts, parts.translator, (by, caller, address) => ask(new SimulatedProxies(parts).of(by, caller), given, address));
  } catch (error) {
    if (error instanceof Refusal) throw new UsageError(error.message);
    throw error;
  }
}

function ask(simulated: SimulatedProxy, given: Arguments, address: string | undefined): Decision {
  const [method, url] = given.operands.slice(-2);
  const common = { sourceAddress: given.get('source-ip'), ...address !== undefined && { address } };
  if (!isConnectionUrl(url)) return simulated.request(method, url, { headers: headersOf(given.all('header')), ...common });
  return simulated.connect({ ...connectionOf(url), protocols: given.get('alpn')?.split(','), ...common });
}

function headersOf(lines: readonly string[]): { [name: string]: string[] } {
  const headers: { [name: string]: string[] } = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':', 1);
    if (colon < 1) throw new UsageError(`--header: '${line}' is not a header; write 'NAME: VALUE'`);
    (headers[line.slice(0, colon).trim()] ??= []).push(line.slice(colon + 1).trim());
  }
  return headers;
}

function integerOf(given: Arguments, option: string, least: number): number {
  const text = given.get(option)!;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > 10_000_000) {
    throw new UsageError(`--${option}: '${text}' is not an integer from ${least} to 10000000`);
  }
  return number;
}
