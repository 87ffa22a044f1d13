import { setTimeout as sleep } from 'node:timers/promises';
import type { Release } from './releases';
import { HOST } from './releases';
import { RunningMesh } from './running-mesh';
import type { RunningProxy } from './running-mesh';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { Backend } from '../envoy/backend';
import type { Sample } from '../envoy/load';
import { load, send } from '../envoy/load';

/** Requests per second during a rollout, and how many callers send them. */
const RATE = 200;
const CALLERS = 8;
/** The time between two objects, and after the last one. istiod waits up to 100 ms for further changes before it pushes. */
const PAUSE_MS = 600;
const WAIT_MS = 20_000;
const LISTENER = '0.0.0.0_80';

const web: RunningProxy = { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' }, listeners: [LISTENER] };

/** The requests while releases followed one another. */
export interface RolledOut {
  readonly samples: readonly Sample[];
  /** What Envoy refused of istiod's configuration. */
  readonly refused: readonly string[];
  /** The requests after the last release. */
  readonly afterwards: readonly Sample[];
}

/** The Service and its pods, as an object of Istio: a ServiceEntry whose endpoints are the backends. */
function serviceOf(backends: readonly Backend[]): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'catalog', namespace: 'shop' },
    spec: {
      hosts: [HOST],
      addresses: ['10.96.0.10'],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      endpoints: backends.map(({ name, host, port }) => ({
        // The relay maps addresses of pods to the loopback interface.
        address: host.replace(/^127/, '10'), ports: { http: port }, labels: { app: 'catalog', version: name },
      })),
    },
  };
}

/**
 * Applies releases one after the other to a running mesh, one object at a time, while requests go through a real Envoy. `order` puts the
 * objects of a release into the order in which they are applied.
 */
export async function rollOut(
  [first, ...others]: readonly Release[], order: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[] = each => each,
): Promise<RolledOut> {
  const backends = [await Backend.start({ name: 'v1', host: '127.0.1.1' }), await Backend.start({ name: 'v2', host: '127.0.1.2' })];
  let mesh: RunningMesh | undefined;
  try {
    mesh = await RunningMesh.start([serviceOf(backends), ...first.objects], [web]);
    const to = mesh.envoy('web').listener(LISTENER);
    await untilServed({ to, host: HOST });
    const changes = others.flatMap(({ objects }) => order(objects));
    const seconds = (changes.length + 1) * PAUSE_MS / 1000;
    const running = load({ to, host: HOST, callers: CALLERS, rate: RATE, seconds, seed: 1 });
    const applying = (async () => {
      for (const object of changes) {
        await sleep(PAUSE_MS);
        await mesh.apply(object);
      }
    })();
    const [{ samples }] = await Promise.all([running, applying]);
    const { samples: afterwards } = await load({ to, host: HOST, callers: CALLERS, count: RATE, seed: 1 });
    return { samples, afterwards, refused: mesh.refusals };
  } finally {
    await mesh?.stop();
    await Promise.all(backends.map(backend => backend.stop()));
  }
}

async function untilServed(request: { to: { host: string; port: number }; host: string }): Promise<void> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const { status, headers, body } = await send(request);
    if (status === 200) return;
    if (performance.now() > deadline) throw new Error(`the mesh does not serve: ${status} ${JSON.stringify(headers)} ${body}`);
    await sleep(50);
  }
}
