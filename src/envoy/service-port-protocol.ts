import type { Protocol } from './protocol';
import { parseProtocol } from './protocol';
import type { ServicePort } from '../manifest/kubernetes-kinds';

/** Values of `appProtocol` that Kubernetes itself defines. */
const KUBERNETES: { readonly [appProtocol: string]: Protocol } = { 'kubernetes.io/h2c': 'HTTP2', 'kubernetes.io/ws': 'HTTP', 'kubernetes.io/wss': 'HTTPS' };

/** Ports of protocols where the server speaks first, so that looking at the connection would hang: SMTP, DNS, MySQL, MongoDB. */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);

/** The protocol of a Kubernetes Service's port: by `appProtocol`, else by what the port's name begins with. */
export function servicePortProtocol(port: ServicePort): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  if (port.appProtocol !== undefined && Object.hasOwn(KUBERNETES, port.appProtocol)) return KUBERNETES[port.appProtocol];
  const stated = port.appProtocol ?? port.name ?? '';
  if (stated.toLowerCase().startsWith('grpc-web')) return 'GRPC-Web';
  const protocol = parseProtocol(stated.split('-', 1)[0]);
  return protocol === 'Unsupported' && SERVER_FIRST.has(port.port ?? 0) ? 'TCP' : protocol;
}
