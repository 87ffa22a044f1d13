import type { Protocol } from './protocol';
import { parseProtocol } from './protocol';
import type { ServicePort } from '../manifest/kubernetes-kinds';

/** The values of `appProtocol` that Kubernetes defines. */
const KUBERNETES: { readonly [appProtocol: string]: Protocol } = {
  'kubernetes.io/h2c': 'HTTP2', 'kubernetes.io/ws': 'HTTP', 'kubernetes.io/wss': 'HTTPS',
};

/** The ports of SMTP, DNS, MySQL and MongoDB: their servers speak first, so that protocol detection would hang. */
const SERVER_FIRST = new Set([25, 53, 3306, 27017]);

/** The protocol of a Kubernetes Service's port: of `appProtocol`, else of the prefix of the port's name. */
export function servicePortProtocol(port: ServicePort): Protocol {
  if (port.protocol === 'UDP') return 'UDP';
  if (port.appProtocol !== undefined && Object.hasOwn(KUBERNETES, port.appProtocol)) return KUBERNETES[port.appProtocol];
  const stated = port.appProtocol ?? port.name ?? '';
  if (stated.toLowerCase().startsWith('grpc-web')) return 'GRPC-Web';
  const protocol = parseProtocol(stated.split('-', 1)[0]);
  return protocol === 'Unsupported' && SERVER_FIRST.has(port.port ?? 0) ? 'TCP' : protocol;
}
