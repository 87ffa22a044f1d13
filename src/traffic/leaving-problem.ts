import type { Problem } from './problem';
import { Resolution } from './service-entry';
import type { ServicePort } from './service-port';

/** Why calls to hosts outside cannot leave through an egress gateway of `namespace`, if they cannot. */
export function leavingProblem(
  { ports, resolution, exportTo }: { readonly ports: readonly ServicePort[]; readonly resolution: Resolution; readonly exportTo?: readonly string[] },
  own: string, namespace: string,
): Problem {
  if (resolution === Resolution.NONE) return 'resolution NONE sends calls to the address that they were for, which at an egress gateway is the gateway itself; use resolution DNS';
  const tcp = ports.find(port => port.protocol === 'TCP');
  if (tcp) return `port ${tcp.number} is TCP, where an egress gateway cannot tell hosts apart; use ServicePort.tls(), or let the dependency leave directly`;
  for (const [what, numbers] of [['HTTP', ports.filter(p => p.isHttp)], ['TLS', ports.filter(p => !p.isHttp)]] as const) {
    if (numbers.length > 1) {
      return `the ports ${numbers.map(p => p.number).join(' and ')} are both ${what}, and meet on one port of the egress gateway, which cannot tell them apart; state one ExternalDependency a port`;
    }
  }
  const named = exportTo?.map(entry => (entry === '.' ? own : entry));
  return named && !named.includes('*') && !named.includes(namespace)
    ? `exportTo ${named.map(n => `'${n}'`).join(', ')} leaves out '${namespace}', where the egress gateway runs and has to know the host; add it` : undefined;
}
