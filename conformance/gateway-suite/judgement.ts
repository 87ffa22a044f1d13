import { leftOutRequest } from './left-out';
import type { Expected, Suite, SuiteRequest, SuiteTest } from './suite';
import { Mesh } from '../../src/jest';
import type { Decision } from '../../src/simulator/decision';
import { headerChanges } from '../../src/simulator/header-changes';
import type { Json } from '../istiod/client';

const ECHO = '/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho';
const GATEWAY_NAME = 'gateway.networking.k8s.io/gateway-name';
const DEFAULT_PORTS: { readonly [scheme: string]: string } = { http: '80', https: '443' };
/** The code of gRPC that stands for the status 404. */
const UNIMPLEMENTED = 'Unimplemented';

/** What of the simulator's answers to the requests of a test differs from what the test expects. */
export function differencesOf(test: SuiteTest, suite: Suite): string[] {
  const objects = test.manifests.flatMap(file => suite.manifests[file]);
  const mesh = Mesh.fromManifests(objects);
  return test.requests.flatMap((request, i) => {
    if (leftOutRequest(test.name, i) !== undefined) return [];
    const deleted = DELETED.get(`${test.name} ${i}`);
    const answer = answerOf(request, deleted ? Mesh.fromManifests(objects.filter(({ kind }) => kind !== deleted)) : mesh, objects);
    return differences(request, answer, objects).map(text => `request ${i} ${describe(request)}: ${text}`);
  });
}

/** The kinds of objects that a test deletes before a request. */
const DELETED: ReadonlyMap<string, string> = new Map([['HTTPRouteReferenceGrant 1', 'ReferenceGrant']]);

function describe({ expected: { Request: { Host = '', Path = '', Method = 'GET' } = {} } }: SuiteRequest): string {
  return `${Method} ${Host}${Path}`;
}

/** The simulator's answer to a request. */
function answerOf({ gateway, client, serverName, expected }: SuiteRequest, mesh: Mesh, objects: readonly Json[]): Decision {
  const { method, path, headers, authority } = sentBy(expected);
  if (client) {
    const labels = Object.fromEntries(client.app.split(',').map(label => label.split('=')));
    return mesh.sidecar({ namespace: client.namespace, labels }).request(method, `http://${authority || 'echo'}${path}`, { headers });
  }
  const { namespace, name, listener } = gateway!;
  const { spec: { listeners } } = objects.find(({ kind, metadata }) => (
    kind === 'Gateway' && metadata.namespace === namespace && metadata.name === name))!;
  const stated = Number(authority.split(':')[1]);
  const { port } = listeners.find((each: Json) => each.port === stated) ?? listeners.find((each: Json) => each.name === listener)
    ?? listeners[0];
  const scheme = serverName === undefined ? 'http' : 'https';
  const url = `${scheme}://${serverName ?? (authority.split(':')[0] || '192.0.2.1')}:${port}${path}`;
  return mesh.gateway({ namespace, labels: { [GATEWAY_NAME]: name } })
    .request(method, url, { headers: { ...headers, ...authority !== '' && { host: authority } } });
}

function sentBy({ Request, RequestMetadata, EchoRequest, EchoTwoRequest }: Expected) {
  if (Request) {
    const { Host = '', Method = 'GET', Path = '/', Headers = {} } = Request;
    return { method: Method, path: Path, headers: Headers, authority: Host };
  }
  const method = EchoRequest ? 'Echo' : EchoTwoRequest ? 'EchoTwo' : 'EchoThree';
  const { Authority = '', Metadata = {} } = RequestMetadata ?? {};
  return { method: 'POST', path: `${ECHO}/${method}`, headers: { 'content-type': 'application/grpc', ...Metadata }, authority: Authority };
}

function differences(request: SuiteRequest, decision: Decision, objects: readonly Json[]): string[] {
  const { expected } = request;
  const { Response: { StatusCode, StatusCodes = [], Code } = {} } = expected;
  const statuses = Code === UNIMPLEMENTED ? [404] : [...StatusCode ? [StatusCode] : [], ...StatusCodes];
  // The backend answers after the delay that the path states.
  const delay = Number(/[?&]delay=([\d.]+)s/.exec(expected.Request?.Path ?? '')?.[1] ?? 0) * 1000;
  const isTimedOut = decision.outcome === 'routed' && delay > (decision.timeoutMs ?? Infinity);
  const status = isTimedOut ? 504 : decision.outcome === 'routed' ? 200 : decision.status;
  const wanted = statuses.length === 0 ? [200] : statuses;
  if (status === undefined || !wanted.includes(status)) return [`expected ${wanted.join(' or ')}, got ${decision.outcome} ${status ?? ''}`];
  if (status >= 300 && status < 400) return redirectDifferences(expected, decision);
  // The clients of the mesh do not look at the path.
  const compared = request.client ? withoutPath(expected) : expected;
  return status === 200 || status === 204 ? routedDifferences(compared, decision, objects) : [];
}

function withoutPath({ ExpectedRequest, ...expected }: Expected): Expected {
  if (!ExpectedRequest) return expected;
  const { Request: { Path: _, ...Request } = {}, ...others } = ExpectedRequest;
  return { ...expected, ExpectedRequest: { ...others, Request } };
}

function redirectDifferences({ RedirectRequest: wanted }: Expected, { redirection, request }: Decision): string[] {
  if (!wanted) return [];
  const location = new URL(redirection?.location ?? '', `${request.scheme}://${request.authority}`);
  const scheme = location.protocol.slice(0, -1);
  const port = location.port || DEFAULT_PORTS[scheme];
  return different([
    ['host', wanted.Host || location.hostname, location.hostname],
    ['port', wanted.Port || DEFAULT_PORTS[scheme], port],
    ['scheme', wanted.Scheme || request.scheme, scheme],
    ['path', wanted.Path || request.path.split('?')[0], location.pathname],
  ]);
}

function routedDifferences(expected: Expected, decision: Decision, objects: readonly Json[]): string[] {
  const { Backend, Namespace, Request, ExpectedRequest, Response = {}, MirroredTo = [] } = expected;
  const isAnsweredHere = decision.outcome !== 'routed';
  const [share] = decision.split;
  const backend = Backend && !isAnsweredHere && !share?.host?.startsWith(`${Backend}.`)
    && !selects(share?.host, Backend, objects) ? [`expected backend ${Backend}, got ${share?.host}`] : [];
  const namespace = Namespace && !isAnsweredHere ? different([['namespace', Namespace, share?.host?.split('.')[1]]]) : [];
  const { Path, Host, Headers = {} } = (ExpectedRequest ? ExpectedRequest.Request : Request) ?? {};
  const changes = decision.requestHeaderChanges();
  const received = (name: string) => {
    const key = name.toLowerCase();
    const stated = Object.entries(Request?.Headers ?? {}).find(([each]) => each.toLowerCase() === key)?.[1];
    return changes.has(key) ? changes.get(key) : stated;
  };
  const answered = responseHeaders(expected, decision);
  return [
    ...backend, ...namespace,
    ...isAnsweredHere ? [] : different([
      ['path', Path, Path && decision.path],
      ['host', Host, Host && decision.authority()],
      ...Object.entries(Headers).map(([name, value]) => [`header ${name}`, value, received(name)] as const),
      ...(ExpectedRequest?.AbsentHeaders ?? []).map(name => [`header ${name}`, undefined, received(name)] as const),
    ]),
    ...different([
      ...Object.entries(Response.Headers ?? {}).map(([name, value]) => [`response header ${name}`, value, answered(name)] as const),
      ...(Response.AbsentHeaders ?? []).map(name => [`response header ${name}`, undefined, answered(name)] as const),
    ]),
    ...Object.entries(Response.ValidHeaderValues ?? {}).map(([name, values]) => [name, Object.values(values)] as const)
      .filter(([name, values]) => !values.some(value => same(value, answered(name))))
      .map(([name, values]) => `expected response header ${name} ${values.join(' or ')}, got ${answered(name)}`),
    ...MirroredTo.flatMap(({ BackendRef: { Name, Namespace: of }, Percent = 100 }) => (
      decision.mirrors.some(({ host, percent }) => host?.startsWith(`${Name}.${of}.`) && percent === Percent) ? []
        : [`expected a mirror to ${Name}, got ${JSON.stringify(decision.mirrors.map(({ host, percent }) => [host, percent]))}`])),
  ];
}

/** The headers of a response, from those that the backend sets. */
function responseHeaders({ BackendSetResponseHeaders = {} }: Expected, decision: Decision): (name: string) => string | undefined {
  const set = new Map(Object.entries(BackendSetResponseHeaders).map(([name, value]) => [name.toLowerCase(), value]));
  const added = headerChanges([decision.split[0]?.weighted, decision.route], 'response', name => set.get(name), decision.request);
  const changes = new Map([...decision.responseHeaderChanges(), ...added]);
  return name => (changes.has(name.toLowerCase()) ? changes.get(name.toLowerCase()) : set.get(name.toLowerCase()));
}

/** Whether the Service of a host selects the pods of a Deployment. */
function selects(host: string | undefined, deployment: string, objects: readonly Json[]): boolean {
  const [name, namespace] = host?.split('.') ?? [];
  const find = (kind: string, named: string) => objects.find(object => (
    object.kind === kind && object.metadata.name === named && object.metadata.namespace === namespace));
  const selector = find('Service', name)?.spec.selector;
  const labels = find('Deployment', deployment)?.spec.template.metadata.labels;
  return selector !== undefined && labels !== undefined && Object.entries(selector).every(([label, value]) => labels[label] === value);
}

/** Spaces after commas do not count. */
function same(a: string | undefined, b: string | undefined): boolean {
  return a?.replaceAll(', ', ',') === b?.replaceAll(', ', ',');
}

function different(values: readonly (readonly [what: string, wanted: string | undefined, got: string | undefined])[]): string[] {
  return values.flatMap(([what, wanted, got]) => (same(wanted, got) ? [] : [`expected ${what} ${wanted ?? 'absent'}, got ${got ?? 'none'}`]));
}
