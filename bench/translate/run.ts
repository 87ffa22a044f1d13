// The time to translate a sidecar's configuration: our translator compared with istiod's BuildHTTPRoutes, BuildListeners and BuildClusters,
// in one run on one machine.
import { meshOf, policiesOf, routesOf } from './mesh';
import { bench } from '../../conformance/istiod/client';
import type { Proxy } from '../../src/envoy/proxy';
import { Translator } from '../../src/envoy/translator';

const SIZES = [1000, 5000];
const [ROUNDS, WARM_UP] = [9, 2];
const PROXY: Proxy & { readonly name: string } = { name: 'web', type: 'sidecar', namespace: 'shop', labels: { app: 'web' } };

/** The median time in milliseconds. */
function median(act: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = process.hrtime.bigint();
    act();
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  const warm = times.slice(WARM_UP).sort((a, b) => a - b);
  return warm[Math.floor(warm.length / 2)];
}

/** The sidecars of 1,000 called services. */
const CALLED = Array.from({ length: 1000 }, (_, i) => ({ ...PROXY, labels: { app: `service-${i}` } }));

/** The processor time in milliseconds of the index, a sidecar's configuration and the inbound listeners of all called pods. */
function whole(mesh: ReturnType<typeof meshOf>): number {
  const start = process.cpuUsage();
  const translator = new Translator(mesh);
  translator.translate(PROXY);
  for (const pod of CALLED) translator.inbound(pod);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** The processor time in milliseconds of the index, and of all that some of the called pods get. */
function wholePods(mesh: ReturnType<typeof meshOf>): number {
  const start = process.cpuUsage();
  const translator = new Translator(mesh);
  for (const pod of CALLED.slice(0, 10)) {
    translator.translate(pod);
    translator.inbound(pod);
  }
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Prints the cost of a policy for each of 1,000 services. The two meshes take turns, and the least time of each counts. */
function access(what: string, cost: (mesh: ReturnType<typeof meshOf>) => number): void {
  const [open, limited] = [meshOf(1000), [...meshOf(1000), ...policiesOf(1000)]];
  const rounds = Array.from({ length: ROUNDS }, () => [cost(open), cost(limited)] as const);
  const [without, withPolicies] = [Math.min(...rounds.map(([time]) => time)), Math.min(...rounds.map(([, time]) => time))];
  console.log(`1000 services with a policy each, ${what}: ${withPolicies.toFixed(0)} ms, `
    + `${(withPolicies / without).toFixed(2)} of the ${without.toFixed(0)} ms without policies`);
}

const GATEWAY = { name: 'public', type: 'gateway', namespace: 'shop', labels: { 'gateway.networking.k8s.io/gateway-name': 'public' } } as const;

/** Prints the cost of 1,000 HTTPRoutes for a sidecar and for a gateway. The conversion of the routes belongs to the index. */
async function httpRoutes(): Promise<void> {
  const mesh = routesOf(1000);
  const manifests = mesh.map(object => JSON.stringify(object)).join('\n---\n');
  const index = median(() => new Translator(mesh));
  const translator = new Translator(mesh);
  for (const proxy of [PROXY, GATEWAY]) {
    const [theirs] = await bench([{ id: proxy.name, manifests, proxies: [proxy] }]);
    if (theirs.error !== undefined) throw new Error(theirs.error);
    const warm = theirs.routesAndListeners + theirs.clusters;
    const ours = median(() => translator.translate(proxy));
    console.log(`1000 HTTPRoutes, ${proxy.type}: istiod ${warm.toFixed(0)} ms; ours ${ours.toFixed(0)} ms, `
      + `${(ours / warm).toFixed(2)} of istiod's; index ${index.toFixed(0)} ms`);
  }
}

async function main(): Promise<void> {
  const meshes = SIZES.map(meshOf);
  const istiod = await bench(SIZES.map((count, i) => ({
    id: String(count), manifests: meshes[i].map(object => JSON.stringify(object)).join('\n---\n'), proxies: [PROXY],
  })));
  const ours = meshes.map(mesh => {
    const index = median(() => new Translator(mesh));
    const translator = new Translator(mesh);
    const all = median(() => translator.translate(PROXY));
    return { index, all, narrow: median(() => translator.translate({ ...PROXY, namespace: 'elsewhere' })) };
  });
  for (const [i, count] of SIZES.entries()) {
    const theirs = istiod[i];
    if (theirs.error !== undefined) throw new Error(theirs.error);
    const warm = theirs.routesAndListeners + theirs.clusters;
    console.log(`${count} services: istiod ${theirs.routesAndListeners.toFixed(0)} ms of routes and listeners, ${theirs.clusters.toFixed(0)} ms of ${theirs.clusterCount} clusters; `
      + `ours ${ours[i].all.toFixed(0)} ms of all, ${(ours[i].all / warm).toFixed(2)} of istiod's; index ${ours[i].index.toFixed(0)} ms, a proxy elsewhere ${ours[i].narrow.toFixed(0)} ms`);
  }
  const exponent = Math.log(ours[1].all / ours[0].all) / Math.log(SIZES[1] / SIZES[0]);
  access('one sidecar, and the inbound listeners of all 1000 pods', whole);
  access('the whole configuration of 10 pods', wholePods);
  await httpRoutes();
  console.log(`growth from ${SIZES[0]} to ${SIZES[1]} services: exponent ${exponent.toFixed(2)}`);
}

main().catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
