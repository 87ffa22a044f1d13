import { METHODS } from 'node:http';
import type { Caller } from '../../src/diff/callers';
import type { ExampleConnection, TrafficChange } from '../../src/diff/change';
import { describeConnection } from '../../src/diff/change';
import type { ExampleRequest } from '../../src/proof/example-request';
import { connectionOf } from '../../src/simulator/connection-url';
import type { Decision } from '../../src/simulator/decision';
import type { Mesh } from '../../src/simulator/mesh';

/** The simulated result of a request: everything that a caller or a service could notice. */
export function happens(mesh: Mesh, { type, namespace, labels }: Caller, { method, url, headers, token }: ExampleRequest): string {
  const proxy = type === 'gateway' ? mesh.gateway({ namespace, labels }) : mesh.sidecar({ namespace, labels });
  return noticed((token ? proxy.withToken(token) : proxy).request(method, url, { headers }));
}

/** The simulated result of a connection without HTTP. */
export function becomes(mesh: Mesh, { type, namespace, labels }: Caller, { url, to }: ExampleConnection): string {
  const proxy = type === 'gateway' ? mesh.gateway({ namespace, labels }) : mesh.sidecar({ namespace, labels });
  const { outcome, split } = proxy.connect({ ...connectionOf(url), ...(to === undefined ? {} : { host: to }) });
  return JSON.stringify([outcome, split.map(({ cluster, percent }) => [cluster, percent]).sort()]);
}

function noticed(decision: Decision): string {
  const { outcome, split, mirrors, timeoutMs, retry, fault, hashedBy, status, body, redirection, cors, path } = decision;
  const shares = split.map(share => [
    share.cluster, share.percent, decision.authority(share), [...decision.requestHeaderChanges(share)], [
      ...decision.responseHeaderChanges(share),
    ],
  ]).sort();
  const copies = mirrors.map(({ cluster, percent, shadowHost }) => [cluster, percent, shadowHost]).sort();
  return JSON.stringify([outcome, shares, copies, timeoutMs, retry, fault, hashedBy, status, body, redirection, cors, path]);
}

/** Why an example of a change does not show it. Undefined if it does. */
export function replayProblem(change: TrafficChange, old: Mesh, now: Mesh): string | undefined {
  const { kind, example, connection, callers: [caller], requests } = change;
  if (connection !== undefined && kind !== 'connection-treatment') {
    const [before, after] = [old, now].map(mesh => becomes(mesh, caller, connection));
    return before === after ? `${kind}: ${describeConnection(connection)} is treated the same on both sides: ${before}` : undefined;
  }
  if (example === undefined) return undefined;
  // Examples use HTTP/2, because Envoy accepts methods over HTTP/2 that it rejects over HTTP/1.
  if (!METHODS.includes(example.method)) return undefined;
  const [before, after] = [old, now].map(mesh => happens(mesh, caller, example));
  return before === after ? `${kind}, ${requests}: ${JSON.stringify(example)} is treated the same on both sides: ${before}` : undefined;
}
