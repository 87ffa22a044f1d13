import type { ConsistentHashLB, Destination, HTTPCookie, PortTrafficPolicy, TrafficPolicy } from '../../manifest/istio-specs.generated';
import type { DestinationRule } from '../destination-rules';
import { message } from '../message';
import { durationOf } from '../xds/proto-values';
import type { HashCookie, HashPolicy } from '../xds/route';

/** The key of a consistent hash as a route's hash policy; undefined if it has no key. */
export function hashPolicy(hash: ConsistentHashLB | undefined): HashPolicy | undefined {
  if (hash?.httpHeaderName !== undefined) return { header: { headerName: hash.httpHeaderName } };
  if (hash?.httpCookie !== undefined) return { cookie: cookie(hash.httpCookie) };
  if (hash?.useSourceIp !== undefined) return { connectionProperties: message({ sourceIp: hash.useSourceIp || undefined }) };
  return hash?.httpQueryParameterName === undefined ? undefined : { queryParameter: { name: hash.httpQueryParameterName } };
}

function cookie({ name = '', path, ttl, attributes }: HTTPCookie): HashCookie {
  return message({
    name,
    ttl: durationOf(ttl),
    path: path || undefined,
    attributes: attributes?.map(attribute => message({ name: attribute.name || undefined, value: attribute.value || undefined })),
  });
}

const hashOf = (policy: PortTrafficPolicy | undefined) => policy?.loadBalancer?.consistentHash;
const atPort = (policy: TrafficPolicy | undefined, port: number | undefined) => (
  policy?.portLevelSettings?.find(level => level.port?.number === port));

/** The consistent hash of a route's destination: of the subset at the port, else the subset, else the port, else the host. */
export function hashOfDestination(rule: DestinationRule | undefined, destination: Destination): ConsistentHashLB | undefined {
  const subset = rule?.subsets.find(({ name }) => name === (destination.subset ?? ''))?.trafficPolicy;
  const port = destination.port?.number;
  const levels = [subset, rule?.trafficPolicy].map(policy => (destination.port ? hashOf(atPort(policy, port)) : undefined));
  return levels[0] ?? hashOf(subset) ?? levels[1] ?? hashOf(rule?.trafficPolicy);
}

/** The consistent hash of a port that no VirtualService routes. */
export function hashOfPort(rule: DestinationRule | undefined, port: number): ConsistentHashLB | undefined {
  return hashOf(atPort(rule?.trafficPolicy, port)) ?? hashOf(rule?.trafficPolicy);
}
