import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { SecureContext } from 'node:tls';
import { connect as connectTls } from 'node:tls';
import type { Address } from '../envoy/backend';

/** The certificate that a caller shows, and what its handshake asks for. */
export interface MeshTls {
  readonly context: SecureContext;
  readonly serverName: string;
  readonly protocol: string;
}

export interface SentBytes {
  readonly source: string;
  /** The address of a load balancer, which opens the connection and states the source. @default - the source itself */
  readonly balancer?: string;
  /** The address and port of the pod. */
  readonly destination: Address;
  readonly tls?: MeshTls;
  readonly bytes: string;
}

const PATIENCE_MS = 10_000;

/** The first line of the answer to some bytes; undefined if the connection ends without one. */
export async function firstLine(
  { host, port }: Address, { source, balancer = source, destination, tls, bytes }: SentBytes,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const plain: Socket = connect({ host, port, localAddress: balancer }, () => {
      plain.write(`PROXY TCP4 ${source} ${destination.host} ${plain.localPort} ${destination.port}\r\n`);
      const socket = tls
        ? connectTls({
          socket: plain, secureContext: tls.context, servername: tls.serverName, ALPNProtocols: [tls.protocol], rejectUnauthorized: false,
        })
        : plain;
      const end = () => {
        resolve(/^(.*)\r?\n/.exec(answer)?.[1]);
        socket.destroy();
        plain.destroy();
      };
      socket.setEncoding('latin1').on('data', text => {
        answer += text;
        if (answer.includes('\n')) end();
      }).on('error', end).on('close', end);
      socket.write(bytes, 'latin1');
    });
    plain.on('error', () => resolve(undefined));
    plain.setTimeout(PATIENCE_MS, () => {
      plain.destroy();
      reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`));
    });
  });
}
