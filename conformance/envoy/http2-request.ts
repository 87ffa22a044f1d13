import type { OutgoingHttpHeaders } from 'node:http2';
import { connect } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { Response } from './load';

/** A request of HTTP/2 on a connection of its own. A stream that ends without an answer is an error. */
export async function sendHttp2(socket: Duplex, headers: OutgoingHttpHeaders): Promise<Response> {
  return new Promise((resolve, reject) => {
    const session = connect('http://envoy', { createConnection: () => socket });
    const end = (error: Error) => {
      session.destroy();
      reject(error);
    };
    session.on('error', end).setTimeout(20_000, () => end(new Error('no answer within 20 s')));
    const stream = session.request(headers, { endStream: true });
    let answer: { readonly status: number; readonly headers: { [name: string]: string } } | undefined;
    let body = '';
    stream.on('response', ({ ':status': status = 0, ...others }) => {
      const entries = Object.entries(others).filter(([name]) => !name.startsWith(':'));
      answer = { status, headers: Object.fromEntries(entries.map(([name, value]) => [name, [value].flat().join(', ')])) };
    });
    stream.setEncoding('utf8').on('data', text => body += text).on('error', end).on('close', () => {
      session.destroy();
      if (answer) resolve({ ...answer, body });
      else reject(new Error('the stream ends without an answer'));
    });
    stream.end();
  });
}
