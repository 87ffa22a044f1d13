// The result of every pair of constructs on one service. Run as a program, it writes docs/matrix.md.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Duration } from 'cdk8s';
import {
  Caller, CanaryRelease, CircuitBreakerPolicy, ClientTls, ClientTlsSettings, DarkLaunch, FaultInjection, IngressGateway,
  LoadBalancerAlgorithm, LoadBalancerPolicy, MeshService, MirroredService, MutualTlsMode, ProxyProtocol, ProxyProtocolVersion, PublicHost,
  RequestPolicy, ServicePort, StringMatch, TcpRoute, TlsRoute, TrafficRoute, Tunnel, WorkloadAccess,
} from 'cdk8s-istio';

/** A typical statement of each construct about one service. */
export const statements: { readonly [construct: string]: (chart: Chart, id: string, catalog: MeshService) => void } = {
  routeDefaultTo: (_chart, _id, catalog) => catalog.routeDefaultTo(catalog.subset('v1')),
  exposeVia: (chart, id, catalog) => {
    const gateway = new IngressGateway(chart, `${id}Gateway`, { name: `gateway-${id.toLowerCase()}` });
    catalog.exposeVia(new PublicHost(chart, `${id}Host`, { gateway, host: `${id.toLowerCase()}.example.com` }));
  },
  TrafficRoute: (chart, id, catalog) =>
    new TrafficRoute(chart, id, { service: catalog, matches: [{ uri: StringMatch.prefix('/items') }], rewrite: { uri: '/v2/items' } }),
  DarkLaunch: (chart, id, catalog) =>
    new DarkLaunch(chart, id, {
      service: catalog,
      target: catalog.subset('v3'),
      matches: [{ headers: { 'x-staff': StringMatch.present() } }],
    }),
  CanaryRelease: (chart, id, catalog) =>
    new CanaryRelease(chart, id, { service: catalog, stable: catalog.subset('v1'), canary: catalog.subset('v2'), canaryPercent: 10 }),
  MirroredService: (chart, id, catalog) => new MirroredService(chart, id, { service: catalog, mirror: catalog.subset('v3') }),
  RequestPolicy: (chart, id, catalog) =>
    new RequestPolicy(chart, id, { service: catalog, timeout: Duration.seconds(2), retries: { attempts: 3 } }),
  FaultInjection: (chart, id, catalog) => new FaultInjection(chart, id, { service: catalog, abort: { httpStatus: 503, percentage: 1 } }),
  CircuitBreakerPolicy: (chart, id, catalog) => new CircuitBreakerPolicy(chart, id, {
    service: catalog, connectionPool: { maxConnections: 100 }, outlierDetection: { maxEjectionPercent: 50 },
  }),
  LoadBalancerPolicy: (chart, id, catalog) =>
    new LoadBalancerPolicy(chart, id, { service: catalog, algorithm: LoadBalancerAlgorithm.ROUND_ROBIN }),
  ClientTls: (chart, id, catalog) => new ClientTls(chart, id, { service: catalog, tls: ClientTlsSettings.istioMutual() }),
  ProxyProtocol: (chart, id, catalog) => new ProxyProtocol(chart, id, { service: catalog, version: ProxyProtocolVersion.V2 }),
  Tunnel: (chart, id, catalog) => new Tunnel(chart, id, { service: catalog, targetHost: 'db.example.com', targetPort: 5432 }),
  WorkloadAccess: (chart, id, catalog) =>
    new WorkloadAccess(chart, id, {
      service: catalog,
      mode: MutualTlsMode.STRICT,
      callers: [Caller.serviceAccount('web'), Caller.gateway('istio-ingressgateway')],
    }),
  TcpRoute: (chart, id, catalog) =>
    new TcpRoute(chart, id, { service: catalog, matches: [{ sourceLabels: { app: 'batch' } }], target: catalog.subset('v2') }),
  TlsRoute: (chart, id, catalog) =>
    new TlsRoute(chart, id, { service: catalog, matches: [{ sourceLabels: { app: 'batch' } }], target: catalog.subset('v2') }),
};

/** The error of two statements on one service, or undefined if they compose. */
export function outcome(first: string, second: string): string | undefined {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  const catalog = new MeshService(chart, 'Catalog', {
    name: 'catalog',
    ports: [ServicePort.http(80), ServicePort.tcp(5432), ServicePort.tls(8443)],
    selector: { app: 'catalog' },
  });
  for (const version of ['v1', 'v2', 'v3']) catalog.addSubset(version, { labels: { version } });
  // A dark launch requires that all other requests go to a named version.
  if (![first, second].includes('routeDefaultTo')) catalog.routeDefaultTo(catalog.subset('v1'));
  try {
    statements[first](chart, 'First', catalog);
    statements[second](chart, 'Second', catalog);
    chart.toJson();
    return undefined;
  } catch (e) {
    return (e as Error).message.replace(/^Validation failed with the following errors:\s+\[[^\]]*\]\s*/, '');
  }
}

/** The matrix of the page, with a note per pair that throws. */
export function document(): string {
  const names = Object.keys(statements);
  const notes: string[] = [];
  const cell = (a: string, b: string) => {
    const error = outcome(a, b);
    if (error === undefined) return 'composes';
    notes.push(error);
    return `[${notes.length}]`;
  };
  const rows = names.map((a, i) => `| **${a}** | ${names.map((b, j) => (j < i ? '' : cell(a, b))).join(' | ')} |`);
  return [
    '# Every pair of constructs on one service',
    '',
    'Written by `npm run matrix`; a test checks it. Each cell combines a typical statement of both constructs on one service with HTTP, TCP and TLS ports, whose',
    'default subset is set. In either order, they compose into one object of each kind, or throw the message below. Two of the same construct throw if they set',
    'the same field. Limited to different routes, cohorts, subsets, ports, audiences or matches, they compose.',
    '',
    `| | ${names.map(name => `**${name}**`).join(' | ')} |`,
    `|---|${names.map(() => '---|').join('')}`,
    ...rows,
    '',
    ...notes.map((note, i) => `[${i + 1}] \`${note.replace(/\s+/g, ' ').trim()}\`\n`),
  ].join('\n');
}

if (require.main === module) writeFileSync(join(__dirname, '../docs/matrix.md'), document());
