import { analyze, describeFinding } from '../../src/analysis';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { parseManifests } from '../../src/manifest/loader';

const meshConfig = { defaultTrafficPolicy: { outlierDetection: { consecutive5xxErrors: 4 } } };

/** The findings about a ServiceEntry whose hosts Envoy looks up, with a port. */
function found(protocol: string, settings: MeshConfigFields): string[] {
  const { objects } = parseManifests(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: partner, namespace: shop }
spec: { hosts: ['*.partner.example.com'], resolution: DYNAMIC_DNS, ports: [{ number: 443, name: port, protocol: ${protocol} }] }
`);
  return analyze(objects, { rules: ['dynamic-dns-outlier-detection-crashes-istiod'], meshConfig: settings }).map(describeFinding);
}

test("outlier detection in MeshConfig's defaultTrafficPolicy crashes istiod at a DYNAMIC_DNS ServiceEntry, as one in a DestinationRule does", () => {
  expect(found('TLS', meshConfig)).toEqual([expect.stringContaining("and MeshConfig's defaultTrafficPolicy has outlierDetection")]);
  expect(found('TLS', { defaultTrafficPolicy: { connectionPool: { tcp: { maxConnections: 9 } } } })).toEqual([]);
});

test('a port whose protocol names no host has no cluster, so that istiod survives', () => {
  expect(found('TCP', meshConfig)).toEqual([]);
});
