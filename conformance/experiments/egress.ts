import type { App } from 'cdk8s';
import { Chart } from 'cdk8s';
import { clusterName, manifestsOf, webapp, without } from './coolstore';
import type { Experiment, Result } from './experiment';
import { exactly } from './experiment';
import { inputOf } from '../case';
import type { Address } from '../envoy/backend';
import { Backend } from '../envoy/backend';
import { ByteSink } from '../envoy/byte-sink';
import { handshake } from '../envoy/handshake';
import { load } from '../envoy/load';
import type { EnvoyProcess } from '../envoy/process';
import { withEnvoy } from '../envoy/scenario';
import { EgressPolicy, ExternalDependency, OutboundTrafficMode, PolicyScope, Resolution, ServicePort } from 'cdk8s-istio';

const DECLARED = 'jsonplaceholder.typicode.com';
const TLS_DECLARED = 'declared.example.com';
const nothingRandom = 'the registry decides; nothing random';

/** Requests of webapp to a host outside the mesh; `behind` is the cluster with a backend. */
async function callOutside(manifests: string, host: string, behind: string) {
  const outside = await Backend.start({ name: 'outside' });
  const scenario = {
    manifests,
    proxy: webapp,
    listeners: ['0.0.0.0_80'],
    backendsOf: (cluster: string) => (cluster === behind ? [outside] : []),
  };
  return withEnvoy(scenario, [outside], async envoy => {
    const result = await load({ to: envoy.listener('0.0.0.0_80'), host, callers: 1, count: 20, seed: 1 });
    const log = await envoy.accessLog(20);
    return { statuses: result.statuses, routes: [...new Set(log.map(({ route }) => route))], received: outside.count };
  });
}

export const httpEgress: Experiment = {
  name: 'HTTP egress',
  run: async (): Promise<Result[]> => {
    const [open, undeclared, declared] = await Promise.all([
      callOutside(without('Sidecar', manifestsOf('08-egress-lockdown')), DECLARED, 'PassthroughCluster'),
      callOutside(manifestsOf('08-egress-lockdown'), DECLARED, 'PassthroughCluster'),
      callOutside(manifestsOf('09-external-dependency'), DECLARED, clusterName(DECLARED)),
    ]);
    return [
      exactly('an undeclared host without lockdown', open, { statuses: { 200: 20 }, routes: ['allow_any'], received: 20 }, nothingRandom),
      exactly(
        'an undeclared host under lockdown',
        undeclared,
        { statuses: { 502: 20 }, routes: ['block_all'], received: 0 },
        nothingRandom,
      ),
      exactly(
        'a host that a ServiceEntry declares, under lockdown',
        declared,
        { statuses: { 200: 20 }, routes: ['default'], received: 20 },
        nothingRandom,
      ),
    ];
  },
};

/** REGISTRY_ONLY and one declared host on port 443, for which istiod creates a listener that inspects server names. */
function lockdownWithTlsHost(): string {
  const build = (app: App) => {
    const chart = new Chart(app, 'egress', { namespace: 'istioinaction' });
    new EgressPolicy(chart, 'Lockdown', { scope: PolicyScope.mesh(), mode: OutboundTrafficMode.REGISTRY_ONLY });
    new ExternalDependency(chart, 'Declared', {
      hosts: [TLS_DECLARED],
      ports: [ServicePort.tls(443, { name: 'tls' })],
      resolution: Resolution.DNS,
    });
  };
  return inputOf({ name: 'tls-egress', build, proxies: [], states: [] });
}

/** A TLS handshake through one of istiod's listeners: its result, the received bytes, and the cluster. */
async function greet(manifests: string, listener: string, servername: string, behind: string) {
  const outside = await ByteSink.start();
  const backendsOf = (cluster: string): readonly Address[] => (cluster === behind ? [outside] : []);
  return withEnvoy({ manifests, proxy: webapp, listeners: [listener], backendsOf }, [outside], async (envoy: EnvoyProcess) => {
    const ended = await handshake(envoy.listener(listener), servername);
    const [{ cluster, flags }] = await envoy.accessLog(1);
    // 0x16 is a TLS handshake record, which contains the server name in plaintext.
    const arrived = outside.received.map(bytes => bytes[0] === 0x16 && bytes.includes(servername));
    return { ended, arrived, cluster, flags };
  });
}

export const tlsEgress: Experiment = {
  name: 'TLS egress',
  run: async (): Promise<Result[]> => {
    const declaredCluster = `outbound|443||${TLS_DECLARED}`;
    const lockdown = manifestsOf('08-egress-lockdown');
    const withHost = lockdownWithTlsHost();
    const [open, noListener, otherName, declared] = await Promise.all([
      greet(without('Sidecar', lockdown), 'virtualOutbound', 'undeclared.example.com', 'PassthroughCluster'),
      greet(lockdown, 'virtualOutbound', 'undeclared.example.com', 'PassthroughCluster'),
      greet(withHost, '0.0.0.0_443', 'undeclared.example.com', 'PassthroughCluster'),
      greet(withHost, '0.0.0.0_443', TLS_DECLARED, declaredCluster),
    ]);
    // The backend closes the connection, and a BlackHoleCluster has no endpoint (UH): in both cases the handshake of the caller fails.
    const cut = { ended: 'ECONNRESET' };
    const blackHole = { ...cut, arrived: [], cluster: 'BlackHoleCluster', flags: 'UH' };
    return [
      exactly(
        'an undeclared server name without lockdown',
        open,
        { ...cut, arrived: [true], cluster: 'PassthroughCluster', flags: '-' },
        nothingRandom,
      ),
      exactly('an undeclared server name under lockdown, port without a listener', noListener, blackHole, nothingRandom),
      exactly('an undeclared server name under lockdown, beside a declared one', otherName, blackHole, nothingRandom),
      exactly(
        'a server name that a ServiceEntry declares',
        declared,
        { ...cut, arrived: [true], cluster: declaredCluster, flags: '-' },
        nothingRandom,
      ),
    ];
  },
};
