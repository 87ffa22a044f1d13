import { connect } from 'node:tls';
import type { Address } from './backend';

/** The result of a TLS handshake for a server name: the error that ends it, because no backend here completes one. */
export async function handshake(to: Address, servername: string): Promise<string> {
  return new Promise(resolve => {
    const socket = connect({ host: to.host, port: to.port, servername, rejectUnauthorized: false });
    const end = (outcome: string) => {
      socket.destroy();
      resolve(outcome);
    };
    socket.setTimeout(10_000, () => end('ETIMEDOUT'));
    socket.once('secureConnect', () => end('connected')).once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
