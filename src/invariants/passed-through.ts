import type { CheckedMesh } from './checked-mesh';
import type { Target } from './target';
import type { Caller } from '../diff/callers';
import { describeCaller } from '../diff/callers';
import { parseClusterName } from '../envoy/cluster-name';
import { connectionManagerOf } from '../envoy/filter-chains';
import { filtersGate } from '../proof/access-gate';
import { reachedChain, verdictAtPod } from '../simulator/access/pod-access';
import type { TakingPod } from '../simulator/access/taking-pods';
import { requestOf } from '../simulator/request';

/** A connection that a sidecar passes through: without TLS, and without an identity. */
const PLAIN = { peer: 'none', transport: 'plaintext', token: 'none', claimHeaders: [] } as const;

/**
 * Why callers may reach a destination that their sidecars do not have: they pass connections to unknown addresses through. Destinations
 * whose pods refuse all such connections are left out. `name` is the full host of the requests.
 */
export function passedThrough(mesh: CheckedMesh, caller: Caller, target: Target, name: string | undefined): readonly string[] {
  const { traffic } = mesh.proxy(caller);
  if (traffic.others !== 'PassthroughCluster') return [];
  const known = new Set([...traffic.clusters.keys()].map(cluster => parseClusterName(cluster)?.host));
  const hidden = [...mesh.services].filter(([host, services]) => (
    !known.has(host) && (name === undefined || name === host)
    && services.some(({ externalName, ports }) => externalName === undefined && ports.some(({ number: port }) => (
      target.takes({ host, port }) && !refusesPlaintext(mesh, host, port))))));
  return hidden.map(([host]) => `${describeCaller(caller)} do not have ${host}, and pass what is sent to its address through`);
}

function refusesPlaintext(mesh: CheckedMesh, host: string, port: number): boolean {
  const { pods, hasOthers } = mesh.pods.at(host, port);
  return mesh.pods.arePoliciesKnown && pods.length > 0 && !hasOthers && pods.every(pod => refusesRequests(pod) && refusesBytes(pod));
}

function refusesRequests(pod: TakingPod): boolean {
  const reached = reachedChain(pod, { ...PLAIN, request: requestOf('GET', 'http://any/') });
  if (!('chain' in reached)) return reached.outcome === 'reset';
  const manager = connectionManagerOf(reached.chain);
  return manager === undefined || filtersGate(manager.httpFilters ?? [], { port: pod.port, isTls: false, hasCertificate: false }).deniesAll;
}

/** Whether pods refuse a connection; where they read it as HTTP, its requests decide. */
function refusesBytes(pod: TakingPod): boolean {
  const reached = reachedChain(pod, PLAIN);
  if ('chain' in reached && connectionManagerOf(reached.chain) !== undefined) return true;
  return verdictAtPod(pod, PLAIN, { now: 0 }).outcome === 'reset';
}
