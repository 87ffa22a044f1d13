import { isIP } from 'node:net';

/** Whether a text is an IP address, of version 4 or 6, without a zone, which names an interface of one machine alone. */
export function isIpAddress(text: string): boolean {
  return isIP(text) !== 0 && !text.includes('%');
}
