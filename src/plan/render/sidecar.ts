import type { SidecarSpec } from '../../../imports/networking.istio.io';
import type { OutboundTrafficMode } from '../../traffic/outbound-traffic-mode';
import type { Scope } from '../model/scope';
import { selectorOf } from '../model/scope';

/** What the workloads of a scope may call, including the settings of wider scopes. */
export interface AllowedCalls {
  readonly scope: Scope;
  readonly rootNamespace: string;
  readonly mode?: OutboundTrafficMode;
  /** Hosts as `namespace/host`; undefined means every service. */
  readonly allowed: ReadonlySet<string>;
}

/** The Sidecar of a scope. */
export function sidecar(calls: AllowedCalls): SidecarSpec {
  const { scope, mode, allowed } = calls;
  const labels = selectorOf(scope);
  return {
    workloadSelector: labels && { labels },
    egress: allowed.size > 0 ? [{ hosts: hostsOf(calls) }] : undefined,
    outboundTrafficPolicy: mode && ({ mode: mode as string } as SidecarSpec['outboundTrafficPolicy']),
  };
}

/** The own and the root namespace, and the hosts outside the listed namespaces: Istio warns about hosts that are listed twice. */
function hostsOf({ scope, rootNamespace, allowed }: AllowedCalls): string[] {
  const own = scope.kind === 'mesh' ? undefined : scope.namespace;
  const namespaceOf = (host: string) => host.slice(0, host.indexOf('/'));
  const rest = [...allowed].filter(host => namespaceOf(host) !== own && namespaceOf(host) !== rootNamespace)
    .filter(host => host.endsWith('/*') || !allowed.has(`${namespaceOf(host)}/*`));
  return ['./*', ...(own === rootNamespace ? [] : [`${rootNamespace}/*`]), ...rest.sort()];
}
