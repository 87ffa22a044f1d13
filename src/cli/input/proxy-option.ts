import type { Proxy } from '../../envoy/proxy';
import { waypointProxy } from '../../envoy/proxy';
import { parseProxyName } from '../../envoy/proxy-name';
import { dnsLabelProblem } from '../../traffic/name';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The proxy of `--from`, `--gateway` or `--waypoint`, or undefined without any. */
export function proxyFrom(given: Arguments): Proxy | undefined {
  const [from, gateway, waypoint] = [given.get('from'), given.get('gateway'), given.get('waypoint')];
  if (waypoint !== undefined) {
    if (from !== undefined || gateway !== undefined) throw new UsageError('--waypoint names a proxy on its own; leave out --from and --gateway');
    return parseWaypoint(waypoint);
  }
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

function parseWaypoint(text: string): Proxy {
  const [namespace, name, ...more] = text.split('/');
  if (dnsLabelProblem('', namespace) || !name || dnsLabelProblem('', name) || more.length > 0) {
    throw new UsageError(`--waypoint: '${text}' is not a waypoint; write NAMESPACE/NAME, such as shop/waypoint`);
  }
  return waypointProxy(namespace, name);
}

function parseProxy(type: Proxy['type'], option: string, text: string): Proxy {
  const proxy = parseProxyName(type, text);
  if (typeof proxy === 'string') throw new UsageError(`${option}: ${proxy}`);
  return proxy;
}
