import { setTimeout as sleep } from 'node:timers/promises';
import { dynamicBootstrap } from './dynamic-bootstrap';
import { freePorts } from './free-ports';
import { DISCOVERY, RELAY } from './programs';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { describeObject } from '../../src/manifest/kubernetes-object';
import { EnvoyProcess } from '../envoy/process';
import type { Proxy } from '../istiod/client';
import { OwnedProcess } from '../owned-process';

const HOST = '127.0.0.1';
const START_MS = 60_000;

/** A proxy of the mesh, and the listeners that its Envoy opens. */
export interface RunningProxy extends Proxy {
  readonly listeners: readonly string[];
}

/** istiod's discovery server, and Envoys to which it pushes what results from each applied object. It reads only Istio's own kinds. */
export class RunningMesh {
  /** Starts istiod with some objects, and an Envoy for each proxy. */
  public static async start(objects: readonly KubernetesObject[], proxies: readonly RunningProxy[]): Promise<RunningMesh> {
    DISCOVERY.build();
    RELAY.build();
    const mesh = new RunningMesh();
    try {
      await mesh.startIstiod();
      for (const object of objects) await mesh.apply(object);
      for (const proxy of proxies) await mesh.startEnvoy(proxy);
      return mesh;
    } catch (error) {
      await mesh.stop();
      throw error;
    }
  }

  private readonly processes: OwnedProcess[] = [];
  private readonly relays: OwnedProcess[] = [];
  private readonly envoys = new Map<string, EnvoyProcess>();
  private url = '';
  private xdsPort = 0;

  private constructor() {}

  /** Creates or changes an object. */
  public async apply(object: KubernetesObject): Promise<void> {
    const response = await fetch(this.url, { method: 'POST', body: JSON.stringify(object) });
    if (!response.ok) throw new Error(`istiod does not take ${describeObject(object)}: ${await response.text()}`);
  }

  public envoy(name: string): EnvoyProcess {
    return this.envoys.get(name)!;
  }

  /** What Envoys refused of istiod's configuration. */
  public get refusals(): readonly string[] {
    return this.relays.flatMap(({ said }) => said.split('\n').filter(line => line !== ''));
  }

  /** Ends everything and removes all files, in any state. */
  public async stop(): Promise<void> {
    await Promise.all([...this.envoys.values()].map(envoy => envoy.stop()));
    await Promise.all(this.processes.map(each => each.kill()));
  }

  private async startIstiod(): Promise<void> {
    const [xds, http] = await freePorts(2);
    this.xdsPort = xds;
    this.url = `http://${HOST}:${http}/`;
    const istiod = this.own(new OwnedProcess('discovery', () => [
      DISCOVERY.binary, '-xds', `${HOST}:${xds}`, '-http', `${HOST}:${http}`,
    ]));
    const deadline = performance.now() + START_MS;
    while (performance.now() < deadline) {
      if (istiod.hasEnded) throw new Error(`istiod ended: ${istiod.said}`);
      if (await isReady(this.url)) return;
      await sleep(50);
    }
    throw new Error(`istiod was not ready within ${START_MS / 1000} s: ${istiod.said}`);
  }

  private async startEnvoy(proxy: RunningProxy): Promise<void> {
    const [port] = await freePorts(1);
    const address = `${HOST}:${port}`;
    this.relays.push(this.own(new OwnedProcess('relay', () => [
      RELAY.binary, '-istiod', `${HOST}:${this.xdsPort}`, '-listen', address, '-listeners', proxy.listeners.join(','),
    ])));
    const bootstrap = () => dynamicBootstrap(proxy, { host: HOST, port });
    this.envoys.set(proxy.name, await EnvoyProcess.start({ bootstrap, awaited: proxy.listeners }));
  }

  private own(started: OwnedProcess): OwnedProcess {
    this.processes.push(started);
    return started;
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}
