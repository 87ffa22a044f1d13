import type { ClientTlsSettings } from './client-tls-settings';
import type { Problem } from './problem';
import type { ServicePort } from './service-port';

/** What is wrong with speaking TLS on these ports, if anything: where the caller encrypts already, and where no request names the server. */
export function tlsPortProblem(ports: readonly ServicePort[], tls: ClientTlsSettings): Problem {
  if (!tls.originates) return undefined;
  const numbers = (list: readonly ServicePort[]) => list.map(port => port.number).join(', ');
  const encrypted = ports.filter(port => port.protocol === 'HTTPS' || port.protocol === 'TLS');
  if (encrypted.length > 0) {
    const others = numbers(ports.filter(port => !encrypted.includes(port)));
    return `tls would be spoken on port ${numbers(encrypted)} too, where callers encrypt already, so that it would be TLS inside of TLS; `
      + (others === '' ? 'describe the port that callers use in plaintext' : `state \`port\`, one of ${others}`);
  }
  const tcp = ports.filter(port => !port.isHttp);
  const { sni, insecureSkipVerify } = tls._options;
  return tcp.length === 0 || sni !== undefined || insecureSkipVerify ? undefined
    : `tls on port ${numbers(tcp)}, which is TCP, has no request to take the server's name from, so that neither SNI nor the certificate's name would be there; `
      + 'state sni and subjectAltNames';
}
