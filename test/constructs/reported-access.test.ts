import type { Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import type { Manifest } from '../manifests';
import { manifests, newChart } from '../manifests';
import {
  AccessAction, AccessPolicy, Caller, IngressGateway, MeshService, MutualTlsMode, PolicyScope, PublicHost, ServicePort, WorkloadAccess,
} from 'cdk8s-istio';
import { Mesh } from 'cdk8s-istio/simulator';

let chart: Chart;
let catalog: MeshService;
const web = Caller.serviceAccount('web');

beforeEach(() => {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
});

const policies = (): Manifest[] => manifests(chart).filter(({ kind }) => kind === 'AuthorizationPolicy');
const isDryRun = ({ metadata }: Manifest) => (metadata as { annotations?: { [key: string]: string } }).annotations?.['istio.io/dry-run'];
const namesOf = () => policies().map(({ metadata }) => metadata.name);

describe('a dry run', () => {
  test('is in an AuthorizationPolicy of its own, beside those that are enforced', () => {
    new WorkloadAccess(chart, 'Now', { service: catalog, callers: [web, Caller.serviceAccount('jobs')] });
    new WorkloadAccess(chart, 'Soon', { service: catalog, callers: [web], dryRun: true });
    new WorkloadAccess(chart, 'NoPost', { service: catalog, action: AccessAction.deny(), methods: ['POST'], dryRun: true });
    expect(namesOf()).toEqual(['catalog', 'catalog.deny.dry-run', 'catalog.allow.dry-run']);
    expect(policies().map(isDryRun)).toEqual([undefined, 'true', 'true']);
    expect(policies()[2].spec).toMatchObject({ action: 'ALLOW', rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/web'] } }] }] });
    expect(catalog.summary()).toContain('callers that would be allowed (dry run):\n    cluster.local/ns/shop/sa/web: everything');
  });

  test('of deny by default leaves the mesh open, and public hosts without further statements', () => {
    catalog.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }));
    new AccessPolicy(chart, 'Closed', { scope: PolicyScope.mesh(), denyByDefault: true, dryRun: true });
    expect(policies()).toMatchObject([{ metadata: { name: 'default.allow.dry-run', namespace: 'istio-system' }, spec: {} }]);
    const mesh = Mesh.fromChart(chart, { assumeServices: [{ name: 'catalog', namespace: 'shop', ports: [80] }] });
    const caller = mesh.sidecar({ namespace: 'shop', labels: { app: 'web' } });
    expect(caller.get('http://catalog/').outcome).toBe('routed');
  });

  test('contradicts nothing, and locks out no gateway', () => {
    catalog.exposeVia(new PublicHost(chart, 'Host', { gateway: new IngressGateway(chart, 'Gateway'), host: 'shop.example.com' }));
    new WorkloadAccess(chart, 'Now', { service: catalog, callers: [Caller.gateway('gateway')] });
    new WorkloadAccess(chart, 'Off', { service: catalog, action: AccessAction.deny(), callers: [Caller.anyone()], dryRun: true });
    new WorkloadAccess(chart, 'Web', { service: catalog, callers: [web], dryRun: true });
    expect(namesOf()).toEqual(['catalog', 'catalog.deny.dry-run', 'catalog.allow.dry-run']);
  });

  test.each<[string, () => unknown, string]>([
    ['a mode', () => new WorkloadAccess(chart, 'X', { service: catalog, mode: MutualTlsMode.STRICT, callers: [web], dryRun: true }),
      'dryRun is set with mode, and Istio cannot try a mode; set the mode in another WorkloadAccess'],
    ['a mode of a namespace', () => new AccessPolicy(chart, 'X', { scope: PolicyScope.namespace(), mode: MutualTlsMode.STRICT, dryRun: true }),
      'dryRun is set with mode, and Istio cannot try a mode; set the mode in another AccessPolicy'],
    ['an external authorizer', () => new WorkloadAccess(chart, 'X', { service: catalog, action: AccessAction.custom('opa'), dryRun: true }),
      'dryRun is set for AccessAction.custom(), and Istio tries only what allows or denies; omit it'],
    ['an audit', () => new WorkloadAccess(chart, 'X', { service: catalog, action: AccessAction.audit(), dryRun: true }),
      'dryRun is set for AccessAction.audit(), and Istio tries only what allows or denies; omit it'],
    ['a second deny by default', () => {
      for (const id of ['A', 'X']) new AccessPolicy(chart, id, { scope: PolicyScope.mesh(), denyByDefault: true, dryRun: true });
    }, 'denyByDefault for the mesh is already set by chart/A; set it once'],
  ])('of %s is an error', (_, state, message) => {
    expect(errorOf(state)).toBe(`chart/X: ${message}`);
  });

  test('renders the same bytes in any order of the statements', () => {
    const statements = [
      () => new WorkloadAccess(chart, 'A', { service: catalog, callers: [web] }),
      () => new WorkloadAccess(chart, 'B', { service: catalog, callers: [web], dryRun: true }),
      () => new AccessPolicy(chart, 'C', { scope: PolicyScope.namespace(), callers: [Caller.namespace('shop')], dryRun: true }),
      () => new AccessPolicy(chart, 'D', { scope: PolicyScope.namespace(), action: AccessAction.audit() }),
    ];
    statements.forEach(state => state());
    const one = manifests(chart);
    chart = newChart();
    catalog = new MeshService(chart, 'Catalog', { name: 'catalog', ports: [ServicePort.http(80)], selector: { app: 'catalog' } });
    statements.reverse().forEach(state => state());
    expect(manifests(chart)).toEqual(one);
  });
});

test('an audit decides about no request', () => {
  new WorkloadAccess(chart, 'Audit', { service: catalog, action: AccessAction.audit(), methods: ['POST'], callers: [web] });
  expect(policies()).toMatchObject([{ metadata: { name: 'catalog.audit' }, spec: { action: 'AUDIT', rules: [{ to: [{ operation: { methods: ['POST'] } }] }] } }]);
  const mesh = Mesh.fromChart(chart, { assumeServices: [{ name: 'catalog', namespace: 'shop', ports: [80] }] });
  const caller = mesh.sidecar({ namespace: 'shop', labels: { app: 'web' } });
  for (const method of ['GET', 'POST']) expect(caller.request(method, 'http://catalog/').outcome).toBe('routed');
});
