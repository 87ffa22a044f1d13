import type { Clock } from './clock';
import type { Endpoint } from './endpoint';
import type { Limits } from './limits';

/** What all requests of a proxy to a cluster use together, across endpoints, and how often each limit rejected. */
export class Usage {
  public connections = 0;
  public pending = 0;
  public active = 0;
  public retries = 0;
  public connectionOverflow = 0;
  public pendingOverflow = 0;
  public activeOverflow = 0;
  public retryOverflow = 0;
}

/** A request that waits for a connection, or has one. */
export interface Stream {
  /** Called when it has a connection. Call `end` after the response. */
  readonly onReady: (end: (keepsConnection: boolean) => void) => void;
  readonly onOverflow: () => void;
  readonly onConnectFailure: () => void;
}

interface Connection {
  streams: number;
  /** How many more requests it may take. */
  remaining: number;
}

export interface PoolSettings {
  readonly limits: Limits;
  /** The time to open a connection. */
  readonly connectMs: number;
  readonly clock: Clock;
}

/** The maximum number of connections that Envoy opens at once. */
const AT_ONCE = 3;

/** Envoy's connection pool for one endpoint of one cluster, in a proxy with one worker. */
export class HostPool {
  public activeRequests = 0;
  private readonly ready: Connection[] = [];
  private readonly waiting: Stream[] = [];
  private connecting = 0;
  private total = 0;

  constructor(public readonly endpoint: Endpoint, private readonly usage: Usage, private readonly settings: PoolSettings) {}

  public send(stream: Stream): void {
    if (this.ready.length > 0) {
      this.attach(this.ready[0], stream);
      return;
    }
    if (this.usage.pending >= this.settings.limits.maxPendingRequests) {
      this.usage.pendingOverflow++;
      stream.onOverflow();
      return;
    }
    this.usage.pending++;
    this.waiting.push(stream);
    this.connect();
  }

  /** Removes a waiting request from the queue. */
  public cancel(stream: Stream): void {
    const place = this.waiting.indexOf(stream);
    if (place < 0) return;
    this.waiting.splice(place, 1);
    this.usage.pending--;
  }

  private attach(connection: Connection, stream: Stream): void {
    const { usage, settings: { limits } } = this;
    if (usage.active >= limits.maxRequests) {
      usage.activeOverflow++;
      stream.onOverflow();
      return;
    }
    usage.active++;
    this.activeRequests++;
    connection.streams++;
    connection.remaining--;
    if (connection.streams >= limits.streams || connection.remaining <= 0) remove(this.ready, connection);
    let over = false;
    stream.onReady(keepsConnection => {
      if (over) return;
      over = true;
      this.detach(connection, keepsConnection);
    });
  }

  private detach(connection: Connection, keepsConnection: boolean): void {
    this.usage.active--;
    this.activeRequests--;
    connection.streams--;
    // The end of an HTTP/2 stream does not end the connection.
    if (!keepsConnection && !this.settings.limits.http2) connection.remaining = 0;
    if (connection.remaining > 0) {
      if (!this.ready.includes(connection)) this.ready.push(connection);
      this.serveWaiting();
    } else if (connection.streams === 0) {
      this.close();
    }
  }

  private close(): void {
    this.total--;
    this.usage.connections--;
    if (this.waiting.length > 0) this.connect();
  }

  /**
   * Opens connections while more requests wait than the opening connections can carry. Without any connection, one is opened beyond the
   * limit.
   */
  private connect(): void {
    const { usage, settings: { limits } } = this;
    for (let made = 0; made < AT_ONCE && this.waiting.length > this.connecting * limits.streams; made++) {
      const within = usage.connections < limits.maxConnections;
      if (!within) usage.connectionOverflow++;
      if (!within && this.total > 0) return;
      this.open();
      if (!within) return;
    }
  }

  private open(): void {
    const { usage, settings: { limits, connectMs, clock } } = this;
    this.total++;
    this.connecting++;
    usage.connections++;
    clock.after(connectMs, () => {
      this.connecting--;
      if (this.endpoint.refusesConnections) {
        this.failWaiting();
        this.close();
        return;
      }
      this.ready.push({ streams: 0, remaining: limits.requestsPerConnection });
      this.serveWaiting();
    });
  }

  private serveWaiting(): void {
    while (this.waiting.length > 0 && this.ready.length > 0) {
      this.usage.pending--;
      this.attach(this.ready[0], this.waiting.shift()!);
    }
  }

  private failWaiting(): void {
    for (const stream of this.waiting.splice(0)) {
      this.usage.pending--;
      stream.onConnectFailure();
    }
  }
}

function remove<T>(list: T[], item: T): void {
  const place = list.indexOf(item);
  if (place >= 0) list.splice(place, 1);
}
