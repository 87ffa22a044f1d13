import { textProblem } from './name';
import type { Problem } from './problem';

/** A block of addresses: all that share the first bits. */
export interface Cidr {
  /** The address as bits, in text, so that blocks compare by their beginnings. */
  readonly bits: string;
  readonly version: 4 | 6;
}

/** The block that an address or CIDR stands for; undefined if it is neither. */
export function cidrOf(text: string): Cidr | undefined {
  const [address, length, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const version = address.includes(':') ? 6 : 4;
  const all = version === 6 ? bitsOfV6(address) : bitsOfV4(address);
  if (all === undefined || (length !== undefined && !(/^\d{1,3}$/.test(length) && Number(length) <= all.length))) return undefined;
  return { version, bits: length === undefined ? all : all.slice(0, Number(length)) };
}

function bitsOfV4(address: string): string | undefined {
  const octets = address.split('.');
  if (octets.length !== 4 || octets.some(octet => !/^(0|[1-9]\d{0,2})$/.test(octet) || Number(octet) > 255)) return undefined;
  return octets.map(octet => Number(octet).toString(2).padStart(8, '0')).join('');
}

function bitsOfV6(address: string): string | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map(half => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail ?? []];
  if (groups.some(group => !/^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return groups.map(group => parseInt(group, 16).toString(2).padStart(16, '0')).join('');
}

/** Whether every address of `a` is one of `b`. */
export function isCidrWithin(a: string, b: string): boolean {
  const [x, y] = [cidrOf(a), cidrOf(b)];
  return x !== undefined && y !== undefined && x.version === y.version && x.bits.startsWith(y.bits);
}

/** What is wrong with an address or CIDR block, if anything. */
export function cidrProblem(what: string, value: string): Problem {
  return textProblem(what, value) ?? (cidrOf(value) ? undefined : `${what} '${value}' is neither an IP address nor a CIDR block; use such as 10.0.0.1 or 10.0.0.0/24`);
}
