import type { Socket } from 'node:net';
import type { Response } from './load';

/** A request as bytes, so that it can break the rules of HTTP. */
export interface RawRequest {
  /** A connection of its own. */
  readonly socket: Socket;
  readonly method: string;
  /** The target of the request line. */
  readonly target: string;
  readonly version: 'HTTP/1.0' | 'HTTP/1.1';
  /** The header lines, in their order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** The answer to a request that asks for the end of its connection. A connection that ends without an answer is an error. */
export async function sendRaw({ socket, method, target, version, headers }: RawRequest): Promise<Response> {
  const lines = [`${method} ${target} ${version}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  const bytes = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
  return new Promise((resolve, reject) => {
    let received = '';
    const end = () => {
      const response = responseOf(received);
      if (response) resolve(response);
      else reject(new Error(`no answer, but ${JSON.stringify(received.slice(0, 100))}`));
    };
    // Envoy resets a connection if it did not read the whole request.
    socket.setEncoding('utf8').on('data', text => received += text).on('error', end).on('close', end);
    socket.write(bytes);
  });
}

function responseOf(text: string): Response | undefined {
  const end = text.indexOf('\r\n\r\n');
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1];
  if (end < 0 || status === undefined) return undefined;
  const headers: { [name: string]: string } = Object.create(null);
  for (const line of text.slice(0, end).split('\r\n').slice(1)) {
    const [name, value] = [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()];
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  const rest = text.slice(end + 4);
  if (status === '100') return responseOf(rest);
  return { status: Number(status), headers, body: headers['transfer-encoding'] === 'chunked' ? withoutChunks(rest) : rest };
}

function withoutChunks(text: string): string {
  const length = parseInt(text, 16);
  const start = text.indexOf('\r\n') + 2;
  return length > 0 ? text.slice(start, start + length) + withoutChunks(text.slice(start + length + 2)) : '';
}
