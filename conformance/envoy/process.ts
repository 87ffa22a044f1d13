import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from './backend';
import { envoyBinary } from './installation';
import type { Json } from '../istiod/client';
import { OwnedProcess } from '../owned-process';

/** A line of the access log. */
export interface LogEntry {
  readonly code: number;
  readonly flags: string;
  readonly details: string | null;
  readonly cluster: string | null;
  readonly upstream: string | null;
  readonly route: string | null;
  readonly authority: string | null;
  readonly path: string | null;
  readonly serverName: string | null;
}

export interface EnvoyOptions {
  /** Creates the bootstrap for the path of the access log. */
  readonly bootstrap: (accessLog: string) => Json;
  readonly workers?: number;
  /** Listeners that come over xDS, for which the start waits. */
  readonly awaited?: readonly string[];
}

const START_MS = 20_000;

/**
 * A real Envoy with a static bootstrap. The kernel picks free ports. Without hot restart it has no shared memory, so any number can run in
 * parallel, and none leaves anything behind.
 */
export class EnvoyProcess {
  public static async start(options: EnvoyOptions): Promise<EnvoyProcess> {
    const binary = envoyBinary();
    const envoy = new EnvoyProcess(binary, options);
    try {
      await envoy.untilReady(options.awaited ?? []);
      return envoy;
    } catch (error) {
      await envoy.stop();
      throw error;
    }
  }

  private readonly own: OwnedProcess;
  private ports = new Map<string, Address>();

  private constructor(binary: string, { bootstrap, workers = 1 }: EnvoyOptions) {
    this.own = new OwnedProcess('envoy', folder => {
      const file = join(folder, 'bootstrap.json');
      writeFileSync(file, JSON.stringify(bootstrap(join(folder, 'access.log'))));
      return [
        binary, '-c', file, '--disable-hot-restart', '--admin-address-path', join(folder, 'admin'), '--concurrency', `${workers}`,
        '--log-level', 'warning', '--file-flush-interval-msec', '50',
      ];
    });
  }

  /** The address of one of istiod's listeners. */
  public listener(name: string): Address {
    const address = this.ports.get(name);
    if (!address) throw new Error(`no listener ${name} is open`);
    return address;
  }

  /** The counters and gauges with this prefix, by name without the prefix. */
  public async stats(prefix: string): Promise<{ readonly [name: string]: number }> {
    const { stats } = await this.admin('/stats?format=json');
    const chosen = (stats as Json[]).filter(stat => stat.name?.startsWith(prefix) && typeof stat.value === 'number');
    return Object.fromEntries(chosen.map(stat => [stat.name.slice(prefix.length), stat.value]));
  }

  /** The counters of a cluster. */
  public clusterStats(cluster: string): Promise<{ readonly [name: string]: number }> {
    return this.stats(`cluster.${cluster}.`);
  }

  /** Each host of a cluster, as `address:port`, with its health flags. */
  public async hosts(cluster: string): Promise<Map<string, Json>> {
    const { cluster_statuses: clusters } = await this.admin('/clusters?format=json');
    const hosts = (clusters as Json[]).find(status => status.name === cluster)?.host_statuses ?? [];
    return new Map(
      hosts.map((host: Json) => [`${host.address.socket_address.address}:${host.address.socket_address.port_value}`, host.health_status]),
    );
  }

  public configDump(): Promise<Json> {
    return this.admin('/config_dump');
  }

  /** The access log, once it has this many entries. */
  public async accessLog(atLeast: number): Promise<LogEntry[]> {
    for (let left = 100; ; left--) {
      const text = existsSync(this.accessLogPath) ? readFileSync(this.accessLogPath, 'utf8') : '';
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(line => line !== '');
      if (lines.length >= atLeast) return lines.map(line => JSON.parse(line) as LogEntry);
      if (left === 0) throw new Error(`the access log has ${lines.length} entries, not ${atLeast}`);
      await sleep(50);
    }
  }

  /** Stops Envoy and removes its files, in any state. */
  public stop(): Promise<void> {
    return this.own.stop();
  }

  private get accessLogPath(): string {
    return join(this.own.folder, 'access.log');
  }

  private get adminPath(): string {
    return join(this.own.folder, 'admin');
  }

  private async untilReady(awaited: readonly string[]): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      if (this.own.hasEnded) throw new Error(`Envoy refuses the bootstrap: ${this.own.said}`);
      if (existsSync(this.adminPath) && await this.isLive()) {
        const { listener_statuses: listeners } = await this.admin('/listeners?format=json');
        for (const { name, local_address: { socket_address: address } } of (listeners ?? []) as Json[]) {
          this.ports.set(name, { host: address.address, port: address.port_value });
        }
        if (awaited.every(name => this.ports.has(name))) return;
      }
      await sleep(20);
    }
    throw new Error(`Envoy was not ready within ${START_MS / 1000} s: ${this.own.said}`);
  }

  private async isLive(): Promise<boolean> {
    try {
      return (await this.admin('/server_info')).state === 'LIVE';
    } catch {
      return false;
    }
  }

  private async admin(path: string): Promise<Json> {
    const response = await fetch(`http://${readFileSync(this.adminPath, 'utf8')}${path}`, { signal: AbortSignal.timeout(10_000) });
    return response.json();
  }
}
