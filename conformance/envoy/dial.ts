import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from './backend';
import { CERTIFICATE, KEY } from './certificate';

/** The TLS that a caller begins. */
export interface ClientTls {
  readonly serverName: string;
  /** The protocols that the handshake offers. */
  readonly protocols: readonly string[];
}

/** A connection to a listener, in plaintext or with a handshake in which the caller shows a certificate. */
export async function dial({ host, port }: Address, tls?: ClientTls): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls
      ? connectTls({
        host, port, servername: tls.serverName, ALPNProtocols: [...tls.protocols], key: KEY, cert: CERTIFICATE, rejectUnauthorized: false,
      })
      : connect(port, host);
    socket.once(tls ? 'secureConnect' : 'connect', () => resolve(socket)).once('error', reject);
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer within 20 s')));
  });
}
