import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Address } from './backend';

/** A TCP server on the loopback interface that says its name to each connection, keeps the first bytes that it gets, and ends. */
export class NamedServer implements Address {
  public static async start(name: string): Promise<NamedServer> {
    const named = new NamedServer(name);
    await new Promise<void>((resolve, reject) => {
      named.server.once('error', reject).listen(0, named.host, resolve);
    });
    return named;
  }

  public readonly host = '127.0.0.1';
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(name: string) {
    this.server = createServer(socket => {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket)).once('data', () => socket.end(name));
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
