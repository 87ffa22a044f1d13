import { isIpAddress } from './ip-address';
import { stringProblem } from './name';
import type { Problem } from './problem';

/** A CIDR block: all addresses with the same first bits. */
export interface Cidr {
  /** The common bits as a string of 0 and 1; a block contains another if its bits are a prefix. */
  readonly bits: string;
  readonly version: 4 | 6;
}

/** The block of an IP address or CIDR block; undefined for any other string. */
export function cidrOf(text: string): Cidr | undefined {
  const [address, length, ...rest] = text.split('/');
  if (rest.length > 0 || !isIpAddress(address)) return undefined;
  const version = address.includes(':') ? 6 : 4;
  const all = version === 6 ? bitsOfV6(address) : bitsOfV4(address);
  if (length !== undefined && !(/^(0|[1-9]\d{0,2})$/.test(length) && Number(length) <= all.length)) return undefined;
  return { version, bits: length === undefined ? all : all.slice(0, Number(length)) };
}

function bitsOfV4(address: string): string {
  return address.split('.').map(octet => Number(octet).toString(2).padStart(8, '0')).join('');
}

function bitsOfV6(address: string): string {
  const [head, tail = []] = address.split('::').map(half => (half === '' ? [] : half.split(':').map(bitsOfPart)));
  return head.join('') + tail.join('').padStart(128 - head.join('').length, '0');
}

/** The last part may be an IPv4 address. */
function bitsOfPart(part: string): string {
  return part.includes('.') ? bitsOfV4(part) : parseInt(part, 16).toString(2).padStart(16, '0');
}

/** Whether block `b` contains block `a`. */
export function isCidrWithin(a: string, b: string): boolean {
  const [x, y] = [cidrOf(a), cidrOf(b)];
  return x !== undefined && y !== undefined && x.version === y.version && x.bits.startsWith(y.bits);
}

/** The problem of an IP address or CIDR block. */
export function cidrProblem(what: string, value: string): Problem {
  return (
    stringProblem(what, value)
    ?? (cidrOf(value)
      ? undefined
      : `${what} '${value}' is neither an IP address nor a CIDR block; use a value such as 10.0.0.1 or 10.0.0.0/24`)
  );
}
