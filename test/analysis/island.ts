import { istio, workload } from './bank';

/** An object of another API group than networking. */
function object(apiVersion: string, kind: string, name: string, spec: string): string {
  return istio(kind, name, spec).replace('networking.istio.io/v1', apiVersion);
}

/** A namespace whose objects have many kinds of mistakes. It is independent of other islands. */
export function island(name: string, port: number): string[] {
  const host = `catalog-${name}.${name}.svc.cluster.local`;
  const gateway = (own: string, more: string) =>
    istio('Gateway', `${name}/${own}`, `{ selector: { app: gate-${name} }, servers: [${more}] }`);
  const plain = `{ port: { number: ${port}, name: http, protocol: HTTP }, hosts: [shop.${name}.example.com] }`;
  const secured = `{ port: { number: ${port + 1}, name: https, protocol: HTTPS }, hosts: [shop.${name}.example.com], tls: { mode: SIMPLE, credentialName: cert-${name} } }`;
  return [
    `\napiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`,
    `\napiVersion: v1\nkind: Secret\nmetadata: { name: cert-${name}, namespace: ${name} }\ndata: { tls.crt: bm90IG9uZQ==, tls.key: bm90IG9uZQ== }\n`,
    workload(name, `catalog-${name}`, `app: catalog-${name}`, 'port: 80'),
    workload(name, `gate-${name}`, `app: gate-${name}`),
    gateway('public', `${plain}, ${secured}`),
    gateway('rival', plain),
    istio('VirtualService', `${name}/mesh`, `{ hosts: [catalog-${name}], exportTo: [nowhere-${name}], http: [
      { name: all, route: [{ destination: { host: catalog-${name}, subset: gone } }], retries: {}, fault: { delay: { fixedDelay: 1s } } },
      { name: late, route: [{ destination: { host: gone-${name} }, weight: 20 }], timeout: 1s, retries: { attempts: 3, perTryTimeout: 1s } }] }`),
    istio(
      'VirtualService',
      `${name}/second`,
      `{ hosts: [${host}], http: [{ route: [{ destination: { host: ${host}, port: { number: 8 } } }] }] }`,
    ),
    istio('VirtualService', `${name}/public`, `{ hosts: [shop.${name}.example.com, lost.${name}.example.com], gateways: [public, gone], http: [
      { match: [{ uri: { prefix: / } }, { uri: { prefix: /v2 } }, { sourceLabels: { app: web } }], route: [{ destination: { host: ${host} } }] },
      { match: [{ uri: { prefix: /old } }], redirect: { uri: /new }, timeout: 5s },
      { match: [{ uri: { prefix: /theirs } }], delegate: { name: gone } }] }`),
    istio('DestinationRule', `${name}/catalog`, `{ host: ${host}, trafficPolicy: { tls: { mode: SIMPLE, sni: a }, outlierDetection: {}, connectionPool: { tcp: { maxConnections: 0 } },
      portLevelSettings: [{ port: { number: 99 }, loadBalancer: { simple: RANDOM } }] }, subsets: [{ name: blue, labels: { version: blue-${name} } }, { name: all }] }`),
    istio(
      'DestinationRule',
      `${name}/second`,
      `{ host: catalog-${name}, trafficPolicy: { loadBalancer: { simple: RANDOM } }, subsets: [{ name: blue, labels: { version: blue-${name} } }] }`,
    ),
    istio('DestinationRule', `${name}/gone`, `{ host: gone-${name}, trafficPolicy: { loadBalancer: { simple: SIMPLEST } } }`),
    ...['one', 'two'].map(
      own =>
        istio(
          'ServiceEntry',
          `${name}/${own}`,
          `{ hosts: [db.${name}.example.com], ports: [{ number: ${port + 2}, name: tcp, protocol: TCP }], resolution: DNS }`,
        ),
    ),
    ...['one', 'two'].map(
      own => istio('Sidecar', `${name}/${own}`, `{ egress: [{ hosts: ["${name}/gone.${name}.example.com"] }], outboundTrafficPolicy: {} }`),
    ),
    istio('Sidecar', `${name}/none`, `{ workloadSelector: { labels: { app: gone-${name} } }, egress: [{ hosts: [./*] }] }`),
    ...['one', 'two'].map(
      own =>
        object(
          'telemetry.istio.io/v1',
          'Telemetry',
          `${name}/${own}`,
          '{ tracing: [{ providers: [{ name: gone }] }], accessLogging: [{}] }',
        ),
    ),
    object('security.istio.io/v1', 'PeerAuthentication', `${name}/strict`, '{ mtls: { mode: STRICT } }'),
    object(
      'security.istio.io/v1',
      'AuthorizationPolicy',
      `${name}/allow`,
      `{ rules: [{ from: [{ source: { namespaces: [gone-${name}] } }] }] }`,
    ),
  ];
}
