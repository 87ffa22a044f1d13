import { isIP, isIPv6 } from 'node:net';
import type { Listeners } from '../envoy/listener-selection';
import type { ServiceAddresses } from '../envoy/service-addresses';
import type { CidrRange } from '../envoy/xds/core';
import type { FilterChain, Listener } from '../envoy/xds/listener';
import { groupBy } from '../manifest/group-by';
import { cidrOf } from '../traffic/cidr';

/** The listeners of a proxy, and the services behind their addresses, which differ between two meshes. */
export interface Entrances extends ServiceAddresses {
  readonly listeners: Listeners;
}

/** Where connections go on one side. */
export interface Place {
  /** One of the addresses. Undefined for any address that no listener or chain names. */
  readonly address?: string;
  readonly listener?: Listener;
}

/** Addresses at a port whose connections two proxies pass to the same filter chains each. */
export interface ConnectionPlace {
  readonly port: number;
  readonly before: Place;
  readonly after: Place;
  /** The host of the service, or the addresses, such as `10.1.0.0/16`. Undefined for all that are not named. */
  readonly name?: string;
  /** The range in which the address of the service must be. Its address is not known. */
  readonly ifIn?: string;
  /** Whether other addresses at the port are another place. */
  readonly hasOthers: boolean;
}

/** The places that listeners of two proxies tell apart. */
export function connectionPlaces(before: Entrances, after: Entrances): ConnectionPlace[] {
  const places = new Map([...namedPlaces(before), ...namedPlaces(after)].map(place => [`${place.name ?? ''} ${place.port}`, place]));
  const byPort = groupBy(places.values(), ({ port }) => port);
  return [...places.values()].flatMap(({ name, port }): ConnectionPlace[] => {
    const hasOthers = byPort.get(port)!.length > 1;
    const at = (...addresses: readonly [string | undefined, string | undefined]) => {
      const [old, now] = [before, after].map(({ listeners }, i): Place => (
        { address: addresses[i], listener: listeners.find(addresses[i], port) }));
      return { port, hasOthers, before: old, after: now };
    };
    if (name !== undefined) {
      const address = ({ addresses }: Entrances) => addresses.get(name) ?? (isIP(name) === 0 ? undefined : name);
      const place = { ...at(address(before), address(after)), name };
      const isAny = (of: 'assumed' | 'headless') => [before, after].some(side => side[of].has(name));
      // The listeners of a headless Service are at the addresses of its pods, so that nothing is known of connections to its name.
      const byName = isAny('headless') ? [] : [place];
      if (isAny('assumed')) return byName.flatMap(each => [each, ...placesInRanges(each)]);
      // Callers may know a service by its stated address alone, so both addresses of one that moves are places too.
      const stated = new Set([address(before), address(after)].filter(each => each !== undefined));
      return [...byName, ...stated.size < 2 && byName.length > 0 ? [] : [...stated].map(each => ({ ...at(each, each), name: each }))];
    }
    const everywhere = at(undefined, undefined);
    const ranges = rangesOf([everywhere.before.listener, everywhere.after.listener]);
    const within = ranges.flatMap((range): ConnectionPlace[] => {
      const one = representative(range, ranges, found => {
        const there = at(found, found);
        return there.before.listener === everywhere.before.listener && there.after.listener === everywhere.after.listener;
      });
      return one === undefined ? [] : [{ ...at(one, one), name: rangeText(range) }];
    });
    return [...within, { ...everywhere, hasOthers: hasOthers || within.length > 0 }];
  });
}

/** The same place, if the address of the service is in one of the ranges that its chains name. */
function placesInRanges(place: ConnectionPlace): ConnectionPlace[] {
  const ranges = rangesOf([place.before.listener, place.after.listener]);
  return ranges.flatMap(range => {
    const address = representative(range, ranges, () => true);
    if (address === undefined) return [];
    return [{ ...place, ifIn: rangeText(range), before: { ...place.before, address }, after: { ...place.after, address } }];
  });
}

/** The places of listeners, by service where the address is that of one. */
function namedPlaces({ listeners, addresses }: Entrances): { readonly name?: string; readonly port: number }[] {
  const hosts = new Map([...addresses].map(([host, address]) => [address, host]));
  return listeners.places.map(({ address, port }) => ({ ...(address === undefined ? {} : { name: hosts.get(address) ?? address }), port }));
}

function rangesOf(listeners: readonly (Listener | undefined)[]): readonly CidrRange[] {
  const chains = listeners.flatMap(listener => listener?.filterChains ?? []);
  const ranges = chains.flatMap((chain: FilterChain) => chain.filterChainMatch?.prefixRanges ?? []);
  return [...new Map(ranges.map(range => [rangeText(range), range])).values()];
}

function rangeText({ addressPrefix, prefixLen }: CidrRange): string {
  return prefixLen === undefined || prefixLen === (isIPv6(addressPrefix) ? 128 : 32) ? addressPrefix : `${addressPrefix}/${prefixLen}`;
}

/** An address of a range that is in no narrower one, and that `isRight`. Undefined if the first ones of its parts are none. */
function representative(range: CidrRange, all: readonly CidrRange[], isRight: (address: string) => boolean): string | undefined {
  const own = cidrOf(rangeText(range));
  if (own === undefined) return range.addressPrefix;
  const narrower = all.flatMap(other => {
    const block = other === range ? undefined : cidrOf(rangeText(other));
    return block !== undefined && block.version === own.version && block.bits.length > own.bits.length && block.bits.startsWith(own.bits)
      ? [block.bits] : [];
  });
  const width = own.version === 6 ? 128 : 32;
  // The start and the end of the range, and what is next to the narrower ones.
  const candidates = [
    own.bits.padEnd(width, '0'), own.bits.padEnd(width, '1'), ...narrower.flatMap(bits => [next(bits, 1, width), next(bits, -1, width)]),
  ];
  const found = candidates.find(bits => (
    bits?.startsWith(own.bits) && !narrower.some(inner => bits.startsWith(inner)) && isRight(addressOf(bits))));
  return found && addressOf(found);
}

/** The address behind a block, or the one before it. */
function next(bits: string, way: 1 | -1, width: number): string | undefined {
  const value = BigInt(`0b${bits.padEnd(width, way === 1 ? '1' : '0')}`) + BigInt(way);
  const found = value < 0 ? '' : value.toString(2).padStart(width, '0');
  return found.length === width ? found : undefined;
}

/** An address in its usual form. */
function addressOf(bits: string): string {
  if (bits.length === 32) return (bits.match(/.{8}/g) ?? []).map(octet => parseInt(octet, 2)).join('.');
  const parts = (bits.match(/.{16}/g) ?? []).map(part => parseInt(part, 2).toString(16));
  return new URL(`http://[${parts.join(':')}]`).hostname.slice(1, -1);
}
