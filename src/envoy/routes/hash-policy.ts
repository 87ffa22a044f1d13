import { asProtoDuration } from '../../manifest/duration';
import { message } from '../message';
import type { Json } from '../proxy-config';

/** The key of a consistent hash as a route's policy; undefined where the hash names none. */
export function hashPolicy(hash: Json | undefined): Json | undefined {
  if (hash?.httpHeaderName !== undefined) return { header: { headerName: hash.httpHeaderName } };
  if (hash?.httpCookie !== undefined) return { cookie: cookie(hash.httpCookie) };
  if (hash?.useSourceIp !== undefined) return { connectionProperties: message({ sourceIp: hash.useSourceIp || undefined }) };
  return hash?.httpQueryParameterName === undefined ? undefined : { queryParameter: { name: hash.httpQueryParameterName } };
}

function cookie({ name, path, ttl, attributes }: Json): Json {
  return message({
    name,
    ttl: asProtoDuration(ttl),
    path: path || undefined,
    attributes: attributes?.map((attribute: Json) => message({ name: attribute.name || undefined, value: attribute.value || undefined })),
  });
}

const hashOf = (policy: Json) => policy?.loadBalancer?.consistentHash;
const atPort = (policy: Json, port: number | undefined) => policy?.portLevelSettings?.find((level: Json) => level.port?.number === port);

/** The hash of a route's destination: the most specific of subset's port, subset, port and whole that has one. */
export function hashOfDestination(rule: Json | undefined, destination: Json): Json | undefined {
  const subset = rule?.subsets?.find(({ name }: Json) => name === (destination.subset ?? ''))?.trafficPolicy;
  const port = destination.port?.number;
  const levels = [subset, rule?.trafficPolicy].map(policy => (destination.port ? hashOf(atPort(policy, port)) : undefined));
  return levels[0] ?? hashOf(subset) ?? levels[1] ?? hashOf(rule?.trafficPolicy);
}

/** The hash of a service's port where no VirtualService routes. */
export function hashOfPort(rule: Json | undefined, port: number): Json | undefined {
  return hashOf(atPort(rule?.trafficPolicy, port)) ?? hashOf(rule?.trafficPolicy);
}
