import type { Proxy } from '../../envoy/proxy';
import { parseProxyName } from '../../envoy/proxy-name';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The caller of `--from` or `--gateway`, or undefined without both. */
export function proxyFrom(given: Arguments): Proxy | undefined {
  const [from, gateway] = [given.get('from'), given.get('gateway')];
  if (from !== undefined && gateway !== undefined) throw new UsageError('--from and --gateway name two callers; use one of them');
  if (from !== undefined) return parseProxy('sidecar', '--from', from);
  return gateway === undefined ? undefined : parseProxy('gateway', '--gateway', gateway);
}

/** The caller, which is required. */
export function requiredProxy(given: Arguments): Proxy {
  const proxy = proxyFrom(given);
  if (!proxy) {
    throw new UsageError(
      'the caller is required; add --from NAMESPACE[/KEY=VALUE,...] for a sidecar, or --gateway NAMESPACE[/KEY=VALUE,...]',
    );
  }
  return proxy;
}

function parseProxy(type: Proxy['type'], option: string, text: string): Proxy {
  const proxy = parseProxyName(type, text);
  if (typeof proxy === 'string') throw new UsageError(`${option}: ${proxy}`);
  return proxy;
}
