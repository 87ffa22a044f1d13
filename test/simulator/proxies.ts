import { readGolden, withSourcesOnly } from '../../conformance/golden';
import type { Json } from '../../conformance/istiod/client';
import type { ProxyConfig } from '../../src/envoy/proxy-config';
import { SimulatedProxy } from '../../src/simulator/simulated-proxy';

/** A proxy with the configuration that istiod sent in a golden. */
export function goldenProxy(name: string, proxy: string): SimulatedProxy {
  const answer: Json = withSourcesOnly(readGolden(name)!.answer[proxy]);
  const type = answer.listeners.some((listener: Json) => listener.name === 'virtualOutbound') ? 'sidecar' : 'gateway';
  return new SimulatedProxy(
    { type, namespace: type === 'gateway' ? 'istio-system' : 'shop' },
    { notes: [], origins: new Map(), ...answer },
  );
}

const manager: Json = {
  name: 'envoy.filters.network.http_connection_manager',
  typedConfig: {
    rds: { routeConfigName: '80' },
    normalizePath: true,
    upgradeConfigs: [{ upgradeType: 'websocket' }],
  },
};

export const cluster = (name: string, rest: Json = {}): Json => ({ name, type: 'EDS', ...rest });

/** A configuration with one listener for port 80 and the given virtual hosts. */
export function configOf(virtualHosts: Json[], rest: Partial<ProxyConfig> = {}): ProxyConfig {
  return {
    listeners: [
      { name: '0.0.0.0_80', address: { socketAddress: { address: '0.0.0.0', portValue: 80 } }, filterChains: [{ filters: [manager] }] },
    ],
    routes: [{ name: '80', ignorePortInHostMatching: true, virtualHosts }],
    clusters: [],
    endpoints: {},
    subsetLabels: {},
    localities: {},
    notes: [],
    origins: new Map(),
    ...rest,
  };
}

/** A sidecar with these virtual hosts on port 80. */
export function proxyOf(virtualHosts: Json[], rest: Partial<ProxyConfig> = {}): SimulatedProxy {
  return new SimulatedProxy({ type: 'sidecar', namespace: 'shop' }, configOf(virtualHosts, rest));
}

/** A sidecar whose host `a` has these routes. */
export function routesOf(...routes: Json[]): SimulatedProxy {
  const names = [...JSON.stringify(routes).matchAll(/"cluster":"([^"]+)"/g)].map(([, name]) => name);
  return proxyOf([{ name: 'a', domains: ['*'], routes }], { clusters: [...new Set(names)].map(name => cluster(name)) });
}
