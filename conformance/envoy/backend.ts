import type { IncomingHttpHeaders, IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seeded } from '../../src/simulator/load/random';

/** The address of a backend. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface BackendOptions {
  /** The body of its responses, by which callers distinguish backends. */
  readonly name: string;
  readonly host?: string;
  readonly delayMs?: number;
  /** The share of requests to which it responds with `errorCode`. */
  readonly errorRate?: number;
  readonly errorCode?: number;
  readonly seed?: number;
}

/** A request as a backend received it. */
export interface ReceivedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: IncomingHttpHeaders;
  readonly status: number;
  /** The caller's end of the connection. */
  readonly from: number;
}

/** A small HTTP server on the loopback interface in place of one pod. */
export class Backend implements Address {
  public static async start(options: BackendOptions): Promise<Backend> {
    const backend = new Backend(options);
    await new Promise<void>((resolve, reject) => {
      backend.server.once('error', reject).listen(0, backend.host, resolve);
    });
    return backend;
  }

  public readonly requests: ReceivedRequest[] = [];
  public readonly name: string;
  public readonly host: string;
  private readonly server: Server;

  private constructor({ name, host = '127.0.0.1', delayMs = 0, errorRate = 0, errorCode = 500, seed = 1 }: BackendOptions) {
    this.name = name;
    this.host = host;
    const random = seeded(seed);
    // Envoy decides what is too large.
    this.server = createServer({ maxHeaderSize: 128 * 1024 }, (request, response) => {
      const status = random() < errorRate ? errorCode : 200;
      this.receive(request, status);
      request.resume();
      const answer = () => response.writeHead(status, { 'content-type': 'text/plain' }).end(name);
      if (delayMs > 0) setTimeout(answer, delayMs);
      else answer();
    });
    // An upgrade gets its protocol, and the name as its first bytes.
    this.server.on('upgrade', (request, socket) => {
      this.receive(request, 101);
      socket.end(`HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: ${request.headers.upgrade}\r\n\r\n${name}`);
    });
    // Idle connections stay open, because the configuration sets Envoy's idle timeout.
    this.server.keepAliveTimeout = 0;
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public get count(): number {
    return this.requests.length;
  }

  private receive({ method, url, headers, socket }: IncomingMessage, status: number): void {
    this.requests.push({
      at: performance.now(), method: method!, path: url!, host: headers.host ?? '', headers, status, from: socket.remotePort ?? 0,
    });
  }

  public async stop(): Promise<void> {
    await new Promise<void>(resolve => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }
}
