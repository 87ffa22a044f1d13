import type { Endpoint } from '../service';

/** An address with its port, or a Unix socket, which has none. */
export function addressOf({ address, port }: Endpoint): string {
  return port === 0 ? `unix://${address}` : `${address}:${port}`;
}
