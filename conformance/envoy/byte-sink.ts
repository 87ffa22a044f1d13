import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Address } from './backend';

/** A TCP server on the loopback interface that keeps the first bytes of each connection, then closes it. */
export class ByteSink implements Address {
  public static async start(): Promise<ByteSink> {
    const sink = new ByteSink();
    await new Promise<void>((resolve, reject) => {
      sink.server.once('error', reject).listen(0, sink.host, resolve);
    });
    return sink;
  }

  public readonly host = '127.0.0.1';
  public readonly received: Buffer[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor() {
    this.server = createServer(socket => {
      this.sockets.add(socket);
      socket.once('data', bytes => {
        this.received.push(bytes);
        socket.end();
      });
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    });
  }

  public get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  public async stop(): Promise<void> {
    await new Promise<void>(resolve => {
      this.server.close(() => resolve());
      for (const socket of this.sockets) socket.destroy();
    });
  }
}
