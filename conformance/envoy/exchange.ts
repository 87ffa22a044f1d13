import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Address } from './backend';

/** Sends some bytes, and returns what comes back until the connection ends. */
export async function exchange({ host, port }: Address, bytes: Buffer): Promise<string> {
  return new Promise(resolve => {
    let received = '';
    const socket = connect(port, host, () => socket.write(bytes));
    socket.setEncoding('latin1').on('data', text => {
      received += text;
      // Of a handshake that Envoy answers, the first bytes are enough.
      if (/^[\x15\x16]\x03/.test(received)) socket.destroy();
    });
    socket.on('error', () => undefined).on('close', () => resolve(received)).setTimeout(10_000, () => socket.destroy());
  });
}

/** Hellos by what they ask for. */
const hellos = new Map<string, Promise<Buffer>>();

/** The bytes with which a caller begins TLS. */
export async function helloOf(serverName: string, protocols: readonly string[]): Promise<Buffer> {
  const key = `${serverName} ${protocols.join()}`;
  let hello = hellos.get(key);
  if (!hello) hellos.set(key, hello = captured(serverName, protocols));
  return hello;
}

async function captured(serverName: string, protocols: readonly string[]): Promise<Buffer> {
  return new Promise(resolve => {
    const server = createServer(socket => socket.once('data', bytes => {
      resolve(bytes);
      socket.destroy();
      server.close();
    }).on('error', () => undefined));
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      const offered = protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] };
      connectTls({ host: '127.0.0.1', port, servername: serverName, ...offered }).on('error', () => undefined);
    });
  });
}
