import type { CheckedMesh } from './checked-mesh';
import type { WitnessConnection } from './connections';
import type { Witness } from './result';
import type { Caller } from '../diff/callers';
import type { NotJudged } from '../edge/not-judged';
import { proxyName } from '../envoy/proxy-name';
import type { ExampleRequest } from '../proof/example-request';
import type { ServiceAccount } from '../simulator/access/caller';
import type { ConnectOptions } from '../simulator/connect-options';
import type { Decision } from '../simulator/decision';
import { Refusal } from '../simulator/refusal';
import type { SimulatedProxy } from '../simulator/simulated-proxy';

/** A request that was sent through the simulator. */
export interface Sent {
  readonly decision: Decision;
  readonly witness: Witness;
  /** What may change the decision. */
  readonly notJudged: readonly NotJudged[];
}

/** Sends a request, or a connection, as a caller; undefined if it cannot be sent. */
export function sent(
  mesh: CheckedMesh, caller: Caller, as: Required<ServiceAccount> | undefined, what: ExampleRequest | WitnessConnection,
): Sent | undefined {
  const proxy = mesh.proxy(caller).simulated;
  const decision = decide(as ? proxy.as(as) : proxy, what);
  if (decision === undefined) return undefined;
  const request = 'method' in what ? what : { url: what.url };
  const witness: Witness = {
    request,
    caller,
    ...(as && { as }),
    arguments: [...callerArguments(caller, as), ...requestArguments(request)],
    outcome: decision.outcome,
    explanation: decision.explain().split('\n'),
  };
  return { decision, witness, notJudged: decision.notJudged };
}

function decide(stated: SimulatedProxy, what: ExampleRequest | ConnectOptions): Decision | undefined {
  const proxy = 'method' in what && what.token ? stated.withToken(what.token) : stated;
  try {
    return 'method' in what ? proxy.request(what.method, what.url, { headers: what.headers }) : proxy.connect(what);
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function callerArguments(named: Caller, as: Required<ServiceAccount> | undefined): string[] {
  const caller = [named.type === 'gateway' ? '--gateway' : '--from', proxyName(named)];
  return as ? [...caller, '--as', `${as.namespace}/${as.serviceAccount}`] : caller;
}

function requestArguments(request: Witness['request']): string[] {
  if (!('method' in request)) return [request.url];
  const lines = Object.entries(request.headers ?? {}).flatMap(([name, values]) => (
    (typeof values === 'string' ? [values] : values).map(value => `${name}: ${value}`)));
  return [request.method, request.url, ...lines.flatMap(line => ['--header', line])];
}
