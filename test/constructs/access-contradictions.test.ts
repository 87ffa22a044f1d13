import type { Chart } from 'cdk8s';
import { errorOf } from '../error-of';
import { manifests, newChart } from '../manifests';
import type { WorkloadAccessProps } from 'cdk8s-istio';
import { AccessAction, AccessCondition, AccessPolicy, Caller, MeshService, PolicyScope, ServicePort, StringMatch, WorkloadAccess } from 'cdk8s-istio';

let chart: Chart;
let catalog: MeshService;
function start() {
  chart = newChart();
  catalog = new MeshService(chart, 'Catalog', {
    name: 'catalog', ports: [ServicePort.http(80), ServicePort.http(81)], selector: { app: 'catalog' },
  });
}
beforeEach(start);

type Statement = Omit<WorkloadAccessProps, 'service'>;
const access = (id: string, props: Statement) => new WorkloadAccess(chart, id, { service: catalog, ...props });
const deny = AccessAction.deny();
const web = Caller.serviceAccount('web');
const path = (value: string) => (value.endsWith('*') ? StringMatch.prefix(value.slice(0, -1)) : StringMatch.exact(value));
const claim = (name: string, value: string) => AccessCondition.claim([name], [path(value)]);
const header = (value: string) => AccessCondition.header('x-team', [path(value)]);

describe('a statement denies everything that another one allows', () => {
  test.each<[string, Statement, Statement]>([
    ['except another method', { callers: [web], methods: ['POST'] }, { action: deny, except: { methods: ['GET'] } }],
    ['except another path', { callers: [web], paths: [path('/pay*')] }, { action: deny, except: { paths: [path('/health*'), path('/ready')] } }],
    ['except other callers', { callers: [web] }, { action: deny, except: { callers: [Caller.serviceAccount('op'), Caller.namespace('batch')] } }],
    ['except other addresses', { callers: [web], ipBlocks: ['10.0.0.0/8'] }, { action: deny, except: { ipBlocks: ['192.168.0.0/16'] } }],
    ['except callers that the other one excepts', { callers: [Caller.anyWorkload()], except: { callers: [web, Caller.serviceAccount('op')] } },
      { action: deny, except: { callers: [web] } }],
    ['by a wider condition on a claim', { callers: [web], when: [claim('role', 'admin')] }, { action: deny, when: [claim('role', 'adm*')] }],
    ['by the absence of another header value', { callers: [web], when: [header('a')] }, { action: deny, when: [header('b').negated()] }],
  ])('%s', (_, allows, denies) => {
    access('Allows', allows);
    expect(errorOf(() => access('Denies', denies))).toContain('chart/Denies: it denies everything that chart/Allows allows');
    access('DeniesOther', { action: deny, callers: [Caller.serviceAccount('other')] });
  });
});

describe('statements that deny take together everything that another one allows', () => {
  const MESSAGE = 'remove one of them, or limit what is denied';

  test.each<[string, Statement, Statement, Statement]>([
    ['by methods', { callers: [web], methods: ['GET', 'POST'] }, { action: deny, methods: ['GET'] }, { action: deny, methods: ['POST', 'PUT'] }],
    ['by callers', { callers: [web, Caller.namespace('batch')] }, { action: deny, callers: [Caller.namespace('shop')] },
      { action: deny, callers: [Caller.namespace('batch')] }],
    ['by paths and methods', { callers: [web], methods: ['GET', 'POST'], paths: [path('/a'), path('/b')] }, { action: deny, paths: [path('/a')] },
      { action: deny, except: { paths: [path('/a')] } }],
    ['by ports', { callers: [web], ports: [80, 81] }, { action: deny, ports: [80] }, { action: deny, ports: [81] }],
  ])('%s, in any order', (_, allows, one, other) => {
    const statements = { Allows: allows, One: one, Two: other };
    const messages = {
      Allows: `chart/Allows: chart/One and chart/Two deny everything that it allows; ${MESSAGE}`,
      One: `chart/One: it denies, with chart/Two, everything that chart/Allows allows; ${MESSAGE}`,
      Two: `chart/Two: it denies, with chart/One, everything that chart/Allows allows; ${MESSAGE}`,
    };
    for (const last of ['Allows', 'One', 'Two'] as const) {
      start();
      for (const [id, props] of Object.entries(statements)) if (id !== last) access(id, props);
      expect(errorOf(() => access(last, statements[last]))).toBe(messages[last]);
    }
  });

  test('one of which is about the namespace', () => {
    access('Allows', { callers: [web], methods: ['GET', 'POST'] });
    access('One', { action: deny, methods: ['GET'] });
    const two = () => new AccessPolicy(chart, 'Two', { scope: PolicyScope.namespace(), action: deny, methods: ['POST'], containerPorts: [80, 81] });
    expect(errorOf(two)).toBe(`chart/Two: it denies, with chart/One, everything that chart/Allows allows; ${MESSAGE}`);
  });
});

describe('statements that leave some requests do not contradict each other', () => {
  test.each<[string, readonly Statement[]]>([
    ['except one of the methods', [{ callers: [web], methods: ['GET', 'POST'] }, { action: deny, except: { methods: ['GET'] } }]],
    ['except a path that may be one of them', [{ callers: [web], paths: [path('/a*')] }, { action: deny, except: { paths: [path('/a/b*')] } }]],
    ['except templates of paths', [{ callers: [web], paths: [path('/a/b')] }, { action: deny, except: { pathTemplates: ['/a/{*}'] } }]],
    ['except an account of the namespace', [{ callers: [Caller.namespace('shop')] }, { action: deny, except: { callers: [web] } }]],
    ['two that leave a method', [{ callers: [web], methods: ['GET', 'POST', 'PUT'] }, { action: deny, methods: ['GET'] }, { action: deny, methods: ['PUT'] }]],
    ['a claim that may have several values', [{ callers: [web], when: [claim('role', 'a')] }, { action: deny, when: [claim('role', 'b').negated()] }]],
    ['a narrower condition', [{ callers: [web], when: [header('a*')] }, { action: deny, when: [header('a/b')] }]],
  ])('%s', (_, statements) => {
    statements.forEach((props, place) => access(`Statement${place}`, props));
    expect(manifests(chart).filter(({ kind }) => kind === 'AuthorizationPolicy').length).toBeGreaterThan(0);
  });
});
