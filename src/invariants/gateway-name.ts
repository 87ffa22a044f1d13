import type { Caller } from '../diff/callers';
import { parseProxyName } from '../envoy/proxy-name';

/** The gateway of `NAMESPACE/KEY=VALUE,...`; undefined for other strings. */
export function parseGateway(text: string): Caller | undefined {
  const gateway = parseProxyName('gateway', text);
  return typeof gateway === 'string' || gateway.labels === undefined ? undefined : gateway;
}
