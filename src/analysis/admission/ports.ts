import { isDnsLabel } from './hosts';
import type { Objection } from './verdict';
import { parseProtocol } from '../../envoy/protocol';

export function portNameProblem(name = ''): Objection {
  return isDnsLabel(name) ? undefined : [`is '${name}', which is not a valid port name`, 'use letters, digits and \'-\''];
}

export function protocolProblem(protocol = ''): Objection {
  return protocol === '' || parseProtocol(protocol) !== 'Unsupported'
    ? undefined
    : [`is '${protocol}'`, 'use HTTP, HTTPS, GRPC, HTTP2, MONGO, TCP or TLS'];
}
