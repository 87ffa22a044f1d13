import { METHODS } from 'node:http';
import type { Caller } from '../../src/diff/callers';
import type { TrafficChange } from '../../src/diff/change';
import type { ExampleRequest } from '../../src/proof/example-request';
import type { Decision } from '../../src/simulator/decision';
import type { Mesh } from '../../src/simulator/mesh';

/** What the simulator says becomes of a request of a caller: everything that a caller or a service could notice. */
export function happens(mesh: Mesh, { type, namespace, labels }: Caller, { method, url, headers }: ExampleRequest): string {
  const proxy = type === 'gateway' ? mesh.gateway({ namespace, labels }) : mesh.sidecar({ namespace, labels });
  return noticed(proxy.request(method, url, { headers }));
}

function noticed(decision: Decision): string {
  const { outcome, split, mirrors, timeoutMs, retry, fault, hashedBy, status, body, redirection, cors, path } = decision;
  const shares = split.map(share => [
    share.cluster, share.percent, decision.authority(share), [...decision.requestHeaderChanges(share)], [...decision.responseHeaderChanges(share)],
  ]).sort();
  const copies = mirrors.map(({ cluster, percent, shadowHost }) => [cluster, percent, shadowHost]).sort();
  return JSON.stringify([outcome, shares, copies, timeoutMs, retry, fault, hashedBy, status, body, redirection, cors, path]);
}

/** Why an example of a change does not show it; undefined where it does. */
export function replayProblem({ kind, example, callers: [caller], requests }: TrafficChange, old: Mesh, now: Mesh): string | undefined {
  if (example === undefined) return undefined;
  // Over HTTP/2 Envoy takes methods that it refuses over HTTP/1, as examples are sent.
  if (!METHODS.includes(example.method)) return undefined;
  const [before, after] = [old, now].map(mesh => happens(mesh, caller, example));
  return before === after ? `${kind}, ${requests}: ${JSON.stringify(example)} is treated alike on both sides: ${before}` : undefined;
}
