import type { Proxy } from '../../envoy/proxy';
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
  const slash = text.indexOf('/');
  const namespace = slash < 0 ? text : text.slice(0, slash);
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace)) {
    throw new UsageError(`${option}: '${namespace}' is not a namespace name; write for example shop/app=webapp`);
  }
  const pairs = slash < 0 ? [] : text.slice(slash + 1).split(',').filter(pair => pair !== '');
  const labels = pairs.map(pair => {
    const at = pair.indexOf('=');
    if (at < 1) throw new UsageError(`${option}: '${pair}' is not a label; write KEY=VALUE, such as app=webapp`);
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return { type, namespace, ...(labels.length > 0 ? { labels: Object.fromEntries(labels) } : {}) };
}
