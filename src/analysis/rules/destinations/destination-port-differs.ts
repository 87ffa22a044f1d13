import { isHttpOrGuessed } from '../../../envoy/protocol';
import { groupBy } from '../../../manifest/group-by';
import { isWildcard } from '../../../manifest/host-name';
import { destinationsOf } from '../../facts/destinations';
import { wildcardsOver } from '../../facts/host-lookup';
import type { RegisteredHost } from '../../facts/registry';
import type { VirtualService } from '../../facts/virtual-services';
import { isForMesh } from '../../facts/virtual-services';
import { scopesOf } from '../../facts/visibility';
import { defineRule } from '../../rule';
import type { TrafficIndex } from '../../traffic-index';

/** The registered hosts under each wildcard that a VirtualService has. */
function hostsUnder(index: TrafficIndex): ReadonlyMap<string, readonly RegisteredHost[]> {
  const wildcards = new Set(index.of('VirtualService').flatMap(({ spec }) => (spec?.hosts ?? []).filter(isWildcard)));
  if (wildcards.size === 0) return new Map();
  const held = index.registry.hosts.flatMap(registered => (
    wildcardsOver(registered.host).filter(wildcard => wildcards.has(wildcard)).map(wildcard => ({ wildcard, registered }))));
  return new Map([...groupBy(held, ({ wildcard }) => wildcard)].map(([wildcard, found]) => [wildcard,
    found.map(({ registered }) => registered)]));
}

/** The ports at which a VirtualService routes HTTP: those of the services that it is for, and 80 for a name that does not exist. */
function calledPorts(object: VirtualService, scopes: readonly string[], index: TrafficIndex): number[] {
  const hosts = (object.spec?.hosts ?? []).map(host => (
    isWildcard(host) ? index.memo(hostsUnder).get(host) ?? [] : index.registry.findAll(index.fullHost(host, index.namespaceOf(object)),
      scopes)));
  const ports = hosts.flat().flatMap(host => host.ports).filter(({ protocol }) => isHttpOrGuessed(protocol)).map(({ number }) => number);
  return [...new Set([...ports, ...hosts.some(found => found.length === 0) ? [80] : []])];
}

export const rule = defineRule({
  id: 'destination-port-differs',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  needs: ['Service'],
  title: 'A destination without a port does not have the port that callers use',
  effect: 'Envoy uses the port that the caller used, which the destination does not have: 503, flag NC.',
  check(object, report, index) {
    if (!isForMesh(object)) return;
    const open = destinationsOf(object, index).filter(({ block, port }) => block === 'http' && port === undefined);
    if (open.length === 0) return;
    const scopes = scopesOf(object, index);
    const called = calledPorts(object, scopes, index);
    for (const { path, host, mirror } of open) {
      const ports = index.registry.find(host, scopes)?.ports;
      if (ports?.length !== 1) continue;
      const [{ number }] = ports;
      const missed = called.filter(port => port !== number);
      if (missed.length === 0) continue;
      report(path, `callers use port ${missed.join(', ')}, and a sidecar uses the same port for a destination without a port, `
        + `but '${host}' `
        + `does not have it: ${mirror ? 'Envoy drops mirrored requests' : '503'}`,
      `set port.number: ${number}`);
    }
  },
});
