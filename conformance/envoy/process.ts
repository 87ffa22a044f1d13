import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Address } from './backend';
import { envoyBinary } from './installation';
import type { Json } from '../istiod/client';

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
}

const START_MS = 20_000;
const STOP_MS = 5_000;
const running = new Set<EnvoyProcess>();
let watched = false;

/** Stops every Envoy even if this program ends early, which the default action of a signal would skip. */
function stopAllAtExit(): void {
  if (watched) return;
  watched = true;
  process.once('exit', () => running.forEach(envoy => envoy.abandon()));
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {process.once(signal, () => process.exit(128 + number));}
}

/**
 * A real Envoy with a static bootstrap. The kernel picks free ports. Without hot restart it has no shared memory, so any number can run in
 * parallel, and none leaves anything behind.
 */
export class EnvoyProcess {
  public static async start(options: EnvoyOptions): Promise<EnvoyProcess> {
    const binary = envoyBinary();
    stopAllAtExit();
    const envoy = new EnvoyProcess(binary, options);
    running.add(envoy);
    try {
      await envoy.untilReady();
      return envoy;
    } catch (error) {
      await envoy.stop();
      throw error;
    }
  }

  private readonly folder = mkdtempSync(join(tmpdir(), 'envoy-'));
  private readonly accessLogFile = join(this.folder, 'access.log');
  private readonly adminFile = join(this.folder, 'admin');
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private hasEnded = false;
  private said = '';
  private ports = new Map<string, Address>();

  private constructor(binary: string, { bootstrap, workers = 1 }: EnvoyOptions) {
    const file = join(this.folder, 'bootstrap.json');
    writeFileSync(file, JSON.stringify(bootstrap(this.accessLogFile)));
    const command = [
      binary, '-c', file, '--disable-hot-restart', '--admin-address-path', this.adminFile, '--concurrency', `${workers}`,
      '--log-level', 'warning', '--file-flush-interval-msec', '50',
    ];
    // The shell becomes Envoy. A process that reads its standard input stops Envoy and cleans up if this program disappears.
    const script = 'exec 3<&0; (read -r _ <&3 || { kill $$; rm -rf "$0"; }) & exec "$@" 3<&- </dev/null';
    this.child = spawn('sh', ['-c', script, this.folder, ...command], { stdio: ['pipe', 'ignore', 'pipe'] });
    this.child.stdin!.on('error', () => undefined);
    this.child.stderr!.on('data', text => this.said = (this.said + text).slice(0, 4000));
    this.ended = new Promise(resolve => {
      this.child.once('error', error => {
        this.said += error.message;
        resolve();
      });
      this.child.once('exit', () => {
        this.hasEnded = true;
        this.child.stdin!.end('ended\n');
        resolve();
      });
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
      const text = existsSync(this.accessLogFile) ? readFileSync(this.accessLogFile, 'utf8') : '';
      const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(line => line !== '');
      if (lines.length >= atLeast) return lines.map(line => JSON.parse(line) as LogEntry);
      if (left === 0) throw new Error(`the access log has ${lines.length} entries, not ${atLeast}`);
      await sleep(50);
    }
  }

  /** Stops Envoy and removes its files, in any state. */
  public async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const impatient = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(impatient);
    this.abandon();
  }

  /** The same, synchronously, for a program that ends. */
  public abandon(): void {
    if (!this.hasEnded) this.child.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    running.delete(this);
  }

  private async untilReady(): Promise<void> {
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      if (this.hasEnded || this.child.pid === undefined) throw new Error(`Envoy refuses the bootstrap: ${this.said}`);
      if (existsSync(this.adminFile) && await this.isLive()) {
        const { listener_statuses: listeners } = await this.admin('/listeners?format=json');
        for (const { name, local_address: { socket_address: address } } of (listeners ?? []) as Json[]) {
          this.ports.set(name, { host: address.address, port: address.port_value });
        }
        return;
      }
      await sleep(20);
    }
    throw new Error(`Envoy was not ready within ${START_MS / 1000} s: ${this.said}`);
  }

  private async isLive(): Promise<boolean> {
    try {
      return (await this.admin('/server_info')).state === 'LIVE';
    } catch {
      return false;
    }
  }

  private async admin(path: string): Promise<Json> {
    const response = await fetch(`http://${readFileSync(this.adminFile, 'utf8')}${path}`, { signal: AbortSignal.timeout(10_000) });
    return response.json();
  }
}
