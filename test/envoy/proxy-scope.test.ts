import { trafficCase } from '../../conformance/fuzz/traffic-case';
import { meshOf } from '../../src/envoy/mesh';
import { meshConfigOf } from '../../src/envoy/mesh-config';
import { gatewayScope, serviceSeenBy, sidecarScope } from '../../src/envoy/proxy-scope';
import { destinationsFor } from '../../src/envoy/virtual-service';
import { acceptedManifests } from '../../src/manifest/manifest';

// The scope as a whole is compared with istiod on generated meshes.
test('what is seen of one host is what the whole scope of the proxy has', () => {
  let compared = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const { objects, proxies, meshConfig } = trafficCase(seed);
    const mesh = meshOf(acceptedManifests(objects), { meshConfig: meshConfigOf(meshConfig), clusterDomain: 'cluster.local' }, []);
    for (const proxy of proxies) {
      const scope = proxy.type === 'gateway' ? gatewayScope(proxy, mesh) : sidecarScope(proxy, undefined, mesh);
      const routed = scope.egress.flatMap(({ virtualServices }) => virtualServices.flatMap(each => destinationsFor(each, proxy.namespace)));
      const hosts = proxy.type === 'gateway' ? mesh.registry.services : routed;
      for (const { host = '' } of hosts) {
        compared++;
        expect([seed, proxy.name, host, serviceSeenBy(proxy, host, mesh.registry)?.namespace])
          .toEqual([seed, proxy.name, host, scope.service(host)?.namespace]);
      }
    }
  }
  expect(compared).toBeGreaterThan(100);
});
