import { isIP } from 'node:net';

/** Whether a string is an IPv4 or IPv6 address. A zone is not allowed, because it names a network interface of one machine. */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}
