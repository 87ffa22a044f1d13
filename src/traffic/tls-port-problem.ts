import type { ClientTlsSettings } from './client-tls-settings';
import type { Problem } from './problem';
import type { ServicePort } from './service-port';

/** The problem of TLS on these ports: callers that already encrypt, and ports without requests that contain the name of the server. */
export function tlsPortProblem(ports: readonly ServicePort[], tls: ClientTlsSettings): Problem {
  if (!tls.originates) return undefined;
  const numbers = (list: readonly ServicePort[]) => list.map(port => port.number).join(', ');
  const encrypted = ports.filter(port => port.protocol === 'HTTPS' || port.protocol === 'TLS');
  if (encrypted.length > 0) {
    const others = numbers(ports.filter(port => !encrypted.includes(port)));
    return `tls also applies to port ${numbers(encrypted)}, where callers already encrypt, which results in TLS inside TLS; `
      + (others === '' ? 'declare the port that callers use in plaintext' : `set \`port\` to one of ${others}`);
  }
  const tcp = ports.filter(port => !port.isHttp);
  const { sni, insecureSkipVerify } = tls._options;
  return tcp.length === 0 || sni !== undefined || insecureSkipVerify ? undefined
    : `tls applies to TCP port ${numbers(tcp)}, where no request contains the server name for SNI and the certificate; `
      + 'set sni and subjectAltNames';
}
