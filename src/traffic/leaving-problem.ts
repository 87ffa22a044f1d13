import type { Problem } from './problem';
import { Resolution } from './service-entry';
import type { ServicePort } from './service-port';

/** Why calls to a dependency cannot leave through an egress gateway in `namespace`. */
export function leavingProblem(
  { ports, resolution, exportTo }: {
    readonly ports: readonly ServicePort[];
    readonly resolution: Resolution;
    readonly exportTo?: readonly string[];
  },
  own: string, namespace: string,
): Problem {
  if (resolution === Resolution.NONE) {
    return 'resolution NONE forwards calls to their original address, which at an egress gateway is the gateway itself; use resolution DNS';
  }
  const tcp = ports.find(port => port.protocol === 'TCP');
  if (tcp) {
    return `port ${tcp.number} is TCP, and an egress gateway cannot distinguish hosts on a TCP port; use ServicePort.tls(), or call the dependency directly`;
  }
  for (const [what, numbers] of [['HTTP', ports.filter(p => p.isHttp)], ['TLS', ports.filter(p => !p.isHttp)]] as const) {
    if (numbers.length > 1) {
      return `the ports ${numbers.map(p => p.number).join(' and ')} are both ${what}, and would share one port of the egress gateway, which cannot distinguish them; create one ExternalDependency per port`;
    }
  }
  const named = exportTo?.map(entry => (entry === '.' ? own : entry));
  return named && !named.includes('*') && !named.includes(namespace)
    ? `exportTo ${named.map(n => `'${n}'`).join(', ')} excludes '${namespace}', where the egress gateway runs and must know the host; add it` : undefined;
}
