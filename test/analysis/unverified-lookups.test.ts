import { analyze } from '../../src/analysis';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { Mesh } from 'cdk8s-istio/simulator';

const istio = (kind: string, namespace: string, spec: object): KubernetesObject => (
  { apiVersion: 'networking.istio.io/v1', kind, metadata: { name: 'partner', namespace }, spec });
const entry = (protocol: string, { namespace = 'shop', ...spec }: { namespace?: string; [field: string]: unknown } = {}) => istio('ServiceEntry', namespace, {
  hosts: ['*.partner.example.com'], resolution: 'DYNAMIC_DNS', location: 'MESH_EXTERNAL', ports: [{ number: 80, name: 'web', protocol }], ...spec,
});
const policy = (trafficPolicy: object, namespace = 'shop', fields: object = {}) => (
  istio('DestinationRule', namespace, { host: '*.partner.example.com', trafficPolicy, ...fields }));
const pod = (namespace: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace },
  spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } } } },
});
const SIMPLE = { tls: { mode: 'SIMPLE' } };
const refusals = (objects: KubernetesObject[], meshConfig?: MeshConfigFields) => (
  analyze(objects, { rules: ['refused-by-envoy'], meshConfig })
    .map(({ resource, cause }) => `${resource?.kind} ${resource?.namespace}/${resource?.name}: ${cause}`));

const REQUIREMENT = 'gives the cluster HTTP options, and with these Envoy requires TLS that verifies the host, because resolution DYNAMIC_DNS looks up the host of '
  + 'each request; Istio accepts it, and Envoy refuses the cluster';
const OF_ENTRY = `ServiceEntry shop/partner: spec.ports[0].protocol ${REQUIREMENT}`;

test.each(['GRPC', 'HTTP2', 'grpc'])('Envoy refuses the cluster of %s in plaintext to hosts that it looks up', protocol => {
  expect(refusals([entry(protocol)])).toEqual([OF_ENTRY]);
  expect(refusals([entry(protocol), policy({ tls: { mode: 'DISABLE' } })])).toEqual([OF_ENTRY]);
  expect(refusals([entry(protocol), policy(SIMPLE)])).toEqual([]);
  expect(refusals([entry(protocol, { location: 'MESH_INTERNAL' })])).toEqual([]);
});

test.each([
  ['http.idleTimeout', { http: { idleTimeout: '5s' } }],
  ['http.maxRequestsPerConnection', { http: { maxRequestsPerConnection: 5 } }],
  ['http.maxConcurrentStreams', { http: { maxConcurrentStreams: 5 } }],
  ['http.http2KeepAlive', { http: { http2KeepAlive: { interval: '5s', timeout: '5s' } } }],
  ['http.useClientProtocol', { http: { useClientProtocol: true } }],
  ['http.h2UpgradePolicy', { http: { h2UpgradePolicy: 'UPGRADE' } }],
  ['tcp.idleTimeout', { tcp: { idleTimeout: '5s' } }],
  ['tcp.maxConnectionDuration', { tcp: { maxConnectionDuration: '5s' } }],
])('Envoy refuses it for %s, on HTTP and TLS ports, of the host or of its port', (field, connectionPool) => {
  for (const protocol of ['HTTP', 'TLS']) {
    const of = (path: string) => [`DestinationRule shop/partner: spec.trafficPolicy${path}.connectionPool.${field} ${REQUIREMENT}`];
    expect(refusals([entry(protocol), policy({ connectionPool })])).toEqual(of(''));
    expect(refusals([entry(protocol), policy({ portLevelSettings: [{ port: { number: 80 }, connectionPool }] })])).toEqual(of('.portLevelSettings[0]'));
  }
  expect(refusals([entry('HTTP'), policy({ connectionPool, ...SIMPLE })])).toEqual([]);
  // An item for another port, and one that replaces the policy of the host.
  expect(refusals([entry('HTTP'), policy({ portLevelSettings: [{ port: { number: 81 }, connectionPool }] })])).toEqual([]);
  expect(refusals([entry('HTTP'), policy({ connectionPool, portLevelSettings: [{ port: { number: 80 }, ...SIMPLE }] })])).toEqual([]);
});

test.each([
  { tcp: { maxConnections: 5, connectTimeout: '1s' } }, { http: { http1MaxPendingRequests: 5, maxRetries: 5, h2UpgradePolicy: 'DO_NOT_UPGRADE' } },
  { http: { maxRequestsPerConnection: 0, useClientProtocol: false } },
])('Envoy takes it with the limits %j', connectionPool => {
  expect(refusals([entry('HTTP'), policy({ connectionPool })])).toEqual([]);
});

test('the MeshConfig may upgrade all clusters to HTTP/2', () => {
  expect(refusals([entry('HTTP')], { h2UpgradePolicy: 'UPGRADE' })).toEqual([
    `ServiceEntry shop/partner: spec.resolution is DYNAMIC_DNS, and the MeshConfig ${REQUIREMENT}`,
  ]);
});

describe('TLS of some callers', () => {
  const own = policy(SIMPLE, 'orders', { exportTo: ['.'] });

  test('leaves the cluster of the others refused, if there are any', () => {
    expect(refusals([entry('GRPC'), own, pod('orders')])).toEqual([]);
    expect(refusals([entry('GRPC'), own, pod('orders'), pod('shop')])).toEqual([OF_ENTRY.replace('request;', 'request (callers in \'shop\');')]);
  });

  test('is taken to be for all callers if no pods are known', () => {
    expect(refusals([entry('GRPC'), own])).toEqual([]);
  });

  test('is missing from the DestinationRule for the callers of its own namespace', () => {
    const pool = policy({ connectionPool: { tcp: { idleTimeout: '5s' } } }, 'orders', { exportTo: ['.'] });
    expect(refusals([entry('HTTP'), policy(SIMPLE), pool])).toEqual([
      `DestinationRule orders/partner: spec.trafficPolicy.connectionPool.tcp.idleTimeout ${REQUIREMENT.replace('request;', 'request (callers in \'orders\');')}`,
    ]);
  });
});

test('hosts that a Sidecar does not import have no cluster that Envoy could refuse', () => {
  const sidecar = istio('Sidecar', 'shop', { egress: [{ hosts: ['./other.example.com'] }] });
  expect(refusals([entry('GRPC'), sidecar, pod('shop')])).toEqual([]);
});

test('the finding and the simulator agree', () => {
  const pools = [{}, { tcp: { maxConnections: 1 } }, { tcp: { idleTimeout: '0s' } }, { http: { maxConcurrentStreams: 1 } }, { http: { maxRetries: 1 } }];
  const modes = [undefined, { mode: 'DISABLE' }, { mode: 'SIMPLE' }, { mode: 'SIMPLE', credentialName: 'ca' }, { mode: 'ISTIO_MUTUAL' },
    { mode: 'SIMPLE', insecureSkipVerify: true }, { mode: 'SIMPLE', sni: 'a.example.com' }];
  for (const protocol of ['HTTP', 'HTTP2', 'GRPC']) {
    for (const location of ['MESH_EXTERNAL', 'MESH_INTERNAL']) {
      for (const connectionPool of pools) {
        for (const tls of modes) {
          const objects = [entry(protocol, { location }), policy({ connectionPool, ...tls && { tls } })];
          let isRefused = false;
          try {
            Mesh.fromManifests(objects).sidecar({ namespace: 'shop' }).get('http://a.partner.example.com/');
          } catch {
            isRefused = true;
          }
          expect({ protocol, location, connectionPool, tls, found: refusals(objects).length }).toMatchObject({ found: isRefused ? 1 : 0 });
        }
      }
    }
  }
});
