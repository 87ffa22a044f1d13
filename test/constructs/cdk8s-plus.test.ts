import { ApiObject, App, Chart, Duration, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { errorOf } from '../error-of';
import { find, manifests, newChart } from '../manifests';
import { Caller, EgressPolicy, MeshService, OutboundTrafficMode, PolicyScope, RequestPolicy, WorkloadAccess } from 'cdk8s-istio';

/**
 * As cdk8s-plus writes its resources: a construct around an object that it renders late. `npm run test:package` tries cdk8s-plus itself.
 */
class Resource extends Construct {
  public spec: object;

  constructor(scope: Construct, id: string, kind: string, spec: object, metadata: object = {}) {
    super(scope, id);
    this.spec = spec;
    const apiVersion = kind === 'Deployment' ? 'apps/v1' : kind === 'CronJob' ? 'batch/v1' : 'v1';
    new ApiObject(this, 'Resource', { apiVersion, kind, metadata, spec: Lazy.any({ produce: () => this.spec }) });
  }
}

const SELECTOR = { app: 'catalog' };
const PORTS = [{ port: 80, name: 'http', targetPort: 'web' }, { port: 5432, name: 'tcp-db' }];

let chart: Chart;
beforeEach(() => { chart = newChart(); });

describe('MeshService.fromService() of a Service of cdk8s-plus', () => {
  test('has its name, namespace, ports and pods', () => {
    const service = MeshService.fromService(
      chart,
      'Catalog',
      new Resource(chart, 'Service', 'Service', { ports: PORTS, selector: SELECTOR }),
    );
    expect([service.serviceName, service.namespace, service.httpPorts, service.connectionPorts]).toEqual([
      expect.stringMatching(/^chart-service-/),
      'shop',
      [80],
      [5432],
    ]);
    new WorkloadAccess(chart, 'Access', { service, callers: [Caller.anyone()] });
    expect(find(chart, 'AuthorizationPolicy').spec.selector).toEqual({ matchLabels: SELECTOR });
  });

  test('a port or a label that it gets later fails synth, because no policy would know it', () => {
    const resource = new Resource(chart, 'Service', 'Service', { ports: PORTS, selector: SELECTOR });
    MeshService.fromService(chart, 'Catalog', resource);
    expect(() => manifests(chart)).not.toThrow();
    resource.spec = { ports: [...PORTS, { port: 81, name: 'http-admin' }], selector: SELECTOR };
    expect(errorOf(() => manifests(chart))).toContain(
      'chart/Catalog: the Service chart/Service/Resource has other ports than when fromService() read them; complete the Service first',
    );
    resource.spec = { ports: PORTS, selector: { app: 'other' } };
    expect(errorOf(() => manifests(chart))).toContain('has other labels in its selector than when fromService() read them');
  });

  test.each<[unknown, string]>([
    [{ port: 80 }, 'spec.ports of chart/Service/Resource is {"port":80}; use a list of ports'],
    [[{ port: '80' }], 'spec.ports[0] of chart/Service/Resource is {"port":"80"}; use an object whose port is a number'],
    [[{ port: 80, name: 80 }], 'spec.ports[0].name of chart/Service/Resource is 80; use a string'],
  ])('ports that Kubernetes would refuse are refused: %j', (ports, message) => {
    const service = new Resource(chart, 'Service', 'Service', { ports });
    expect(errorOf(() => MeshService.fromService(chart, 'Catalog', service))).toBe(`chart/Catalog: ${message}`);
  });

  test.each<[string, object, string]>([
    ['ExternalName', { type: 'ExternalName', externalName: 'api.example.com' },
      "is of type ExternalName and has no ports; it is another name of 'api.example.com', which an ExternalDependency describes if it is outside the mesh"],
    ['only UDP ports', { selector: SELECTOR, ports: [{ port: 53, protocol: 'UDP' }] },
      'has only ports of protocol UDP, which Istio does not route; add a TCP port, or omit the MeshService'],
    ['UDP and SCTP ports', { ports: [{ port: 53, protocol: 'UDP' }, { port: 54, protocol: 'SCTP' }] },
      'has only ports of protocol UDP and SCTP, which Istio does not route; add a TCP port, or omit the MeshService'],
    ['no ports', { selector: SELECTOR }, 'has no ports; add at least one'],
  ])('a Service with %s is refused, and the error says what it is', (_, spec, message) => {
    expect(errorOf(() => MeshService.fromService(chart, 'Catalog', new Resource(chart, 'Service', 'Service', spec))))
      .toBe(`chart/Catalog: the Service chart/Service/Resource ${message}`);
  });

  test.each([{}, { selector: {} }])('a statement about the pods of a Service without a selector is refused: %j', spec => {
    const service = new Resource(chart, 'Service', 'Service', { ...spec, ports: [{ port: 80, name: 'http' }] }, { name: 'catalog' });
    const catalog = MeshService.fromService(chart, 'Catalog', service);
    new RequestPolicy(chart, 'Policy', { service: catalog, timeout: Duration.seconds(1) });
    expect(find(chart, 'VirtualService').spec.http[0].timeout).toBe('1s');
    expect(errorOf(() => new WorkloadAccess(chart, 'Access', { service: catalog, callers: [Caller.anyone()] }))).toBe(
      "chart/Access: the pods of 'catalog' are unknown; the Service chart/Service/Resource has no selector, so add one before "
      + 'fromService(), or use an AccessPolicy with PolicyScope.workload()');
  });

  test('a Service that cdk8s-plus cannot render yet is refused with the place', () => {
    const service = new ApiObject(chart, 'Service', {
      apiVersion: 'v1', kind: 'Service', spec: Lazy.any({ produce: () => { throw new Error('A service must be configured with a port'); } }),
    });
    expect(errorOf(() => MeshService.fromService(chart, 'Catalog', service)))
      .toMatch(/^chart\/Catalog: chart\/Service cannot be rendered yet: .*A service must be configured with a port; complete it first$/);
  });

  test('something else is refused', () => {
    const fromService = (construct: Construct) => errorOf(() => MeshService.fromService(chart, `Mesh${construct.node.id}`, construct));
    expect(fromService(new Resource(chart, 'Web', 'Deployment', {}))).toBe(
      'chart/MeshWeb: the object chart/Web/Resource is of kind Deployment; pass the Service',
    );
    expect(fromService(new Construct(chart, 'Empty'))).toBe(
      'chart/MeshEmpty: chart/Empty has no Kubernetes object; use an ApiObject, or a construct of cdk8s-plus',
    );
    expect(fromService(chart)).toContain('has no Kubernetes object');
    expect(errorOf(() => MeshService.fromService(chart, 'Nothing', 'catalog' as unknown as Construct))).toMatch(
      /^chart\/Nothing: service is 'catalog'/,
    );
  });
});

describe('PolicyScope.podsOf()', () => {
  const template = { metadata: { labels: { app: 'catalog', version: 'v1' } } };
  const egress = (workload: Construct) => {
    new EgressPolicy(chart, 'Egress', { scope: PolicyScope.podsOf(workload), mode: OutboundTrafficMode.REGISTRY_ONLY });
    return find(chart, 'Sidecar');
  };

  test.each([
    ['Deployment', { selector: { matchLabels: SELECTOR }, template }, SELECTOR],
    [
      'Deployment',
      { selector: { matchLabels: SELECTOR, matchExpressions: [{ key: 'version', operator: 'In', values: ['v1'] }] }, template },
      template.metadata.labels,
    ],
    ['Rollout', { template }, template.metadata.labels],
    ['CronJob', { jobTemplate: { spec: { template } } }, template.metadata.labels],
  ])('the policy applies to the pods of a %s', (kind, spec, labels) => {
    expect(egress(new Resource(chart, 'Workload', kind, spec)).spec.workloadSelector).toEqual({ labels });
  });

  test('the policy applies to a Pod by its labels, in its namespace', () => {
    const { metadata, spec } = egress(new Resource(chart, 'Workload', 'Pod', {}, { labels: { app: 'job' }, namespace: 'batch' }));
    expect([metadata.namespace, spec.workloadSelector]).toEqual(['batch', { labels: { app: 'job' } }]);
  });

  test('an ApiObject counts as well', () => {
    const deployment = new ApiObject(chart, 'Plain', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'plain' },
      spec: { selector: { matchLabels: SELECTOR } },
    });
    expect(egress(deployment).spec.workloadSelector).toEqual({ labels: SELECTOR });
  });

  test.each([[{ app: 5 }, '{"app":5}', 'app'], ['catalog', "'catalog'", '0']])('labels that are not strings are refused: %j', (matchLabels, shown, key) => {
    expect(errorOf(() => egress(new Resource(chart, 'Workload', 'Deployment', { selector: { matchLabels } })))).toBe(
      `chart/Egress: the labels of the pods of chart/Workload/Resource are ${shown}, and each label must be a string; change '${key}'`);
  });

  test('what has no pods is refused', () => {
    const policy = (id: string, workload: Construct) => errorOf(() =>
      new EgressPolicy(chart, id, { scope: PolicyScope.podsOf(workload), mode: OutboundTrafficMode.REGISTRY_ONLY }));
    expect(policy('A', new Resource(chart, 'Service', 'Service', { selector: SELECTOR }))).toBe(
      'chart/A: chart/Service/Resource is a Service, not a workload; use its Deployment, or PolicyScope.workload()',
    );
    expect(policy('B', new Resource(chart, 'Bare', 'Deployment', {}))).toBe(
      'chart/B: the Deployment chart/Bare/Resource has no labels for its pods; add some, or use PolicyScope.workload()',
    );
    const other = new Chart(new App(), 'other');
    expect(policy('C', new Resource(other, 'Web', 'Deployment', { template }))).toContain('other/Web');
  });
});
