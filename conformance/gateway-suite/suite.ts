// The conformance tests of the Gateway API project: their manifests, requests and expected answers. As a program, it writes the kept copy.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { loadManifests } from '../../src/manifest/loader';
import type { Json } from '../istiod/client';

const KEPT = join(__dirname, 'kept-tests.json');
const MODULE = 'sigs.k8s.io/gateway-api/conformance@v1.6.0';
const BASE = { gateway: 'base/manifests.yaml', mesh: 'mesh/manifests.yaml' } as const;
/** The tests that send HTTP or gRPC requests. */
const KINDS = /^tests\/(?:httproute|grpcroute|gateway-http-listener-isolation|listenerset-http-routing|mesh\/)/;
const CLASS = '{GATEWAY_CLASS_NAME}';

/** The headers of a message, by name. */
type Headers = { readonly [name: string]: string };

/** What a test sends, in the names of its source. */
export interface SentRequest {
  readonly Host?: string;
  readonly Method?: string;
  readonly Path?: string;
  readonly Headers?: Headers;
  readonly Protocol?: string;
}

interface MirroredBackend {
  readonly BackendRef: { readonly Name: string; readonly Namespace: string };
  readonly Percent?: number;
}

/** What a test expects. Without a status, it is 200. */
export interface Expected {
  readonly Request?: SentRequest;
  readonly ExpectedRequest?: { readonly Request?: SentRequest; readonly AbsentHeaders?: readonly string[] };
  readonly RedirectRequest?: { readonly Scheme?: string; readonly Host?: string; readonly Port?: string; readonly Path?: string };
  readonly BackendSetResponseHeaders?: Headers;
  readonly Response?: {
    readonly StatusCode?: number;
    readonly StatusCodes?: readonly number[];
    readonly Headers?: Headers;
    readonly ValidHeaderValues?: { readonly [name: string]: { readonly [place: string]: string } };
    readonly AbsentHeaders?: readonly string[];
    readonly Code?: string;
  };
  readonly Backend?: string;
  readonly Namespace?: string;
  readonly MirroredTo?: readonly MirroredBackend[];
  readonly EchoRequest?: object;
  readonly EchoTwoRequest?: object;
  readonly EchoThreeRequest?: object;
  readonly RequestMetadata?: { readonly Authority?: string; readonly Metadata?: Headers };
}

/** A request of a test: to a listener of a gateway, or from an application of the mesh. */
export interface SuiteRequest {
  readonly gateway?: { readonly namespace: string; readonly name: string; readonly listener?: string };
  readonly client?: { readonly app: string; readonly namespace: string };
  readonly serverName?: string;
  readonly expected: Expected;
}

export interface SuiteTest {
  readonly name: string;
  readonly file: string;
  readonly manifests: readonly string[];
  readonly requests: readonly SuiteRequest[];
}

export interface Suite {
  readonly source: string;
  readonly tests: readonly SuiteTest[];
  /** The objects of each file of manifests. */
  readonly manifests: { readonly [file: string]: readonly KubernetesObject[] };
}

/** The tests as kept in this folder. */
export function keptSuite(): Suite {
  return JSON.parse(readFileSync(KEPT, 'utf8'));
}

/** The same from the module of the Gateway API project. */
export function suiteOfModule(): Suite {
  const folder = JSON.parse(execFileSync('go', ['mod', 'download', '-json', MODULE], { encoding: 'utf8', cwd: join(__dirname, 'extract') })).Dir;
  const extracted: Json[] = JSON.parse(execFileSync('go', ['run', join(__dirname, 'extract/main.go'), folder], {
    encoding: 'utf8', maxBuffer: 64 * 1024 * 1024,
  }));
  const tests = extracted.filter(({ file }) => KINDS.test(file)).map(({ name, file, manifests, requests }): SuiteTest => ({
    name,
    file,
    manifests: [file.startsWith('tests/mesh/') ? BASE.mesh : BASE.gateway, ...manifests ?? []],
    requests: requests.map(requestOf),
  }));
  const files = [...new Set(tests.flatMap(({ manifests }) => manifests))].sort();
  return {
    source: `${MODULE}, under the Apache License 2.0`,
    tests,
    manifests: Object.fromEntries(files.map(file => [file, objectsOf(join(folder, file))])),
  };
}

function objectsOf(file: string): KubernetesObject[] {
  return loadManifests([file]).objects.map(object => {
    const text = JSON.stringify(object).replaceAll(CLASS, 'istio');
    const { spec, ...rest } = JSON.parse(text);
    // Of workloads, only the labels of their pods matter.
    const kept = spec?.template ? { selector: spec.selector, template: { metadata: spec.template.metadata } } : spec;
    return { ...rest, ...kept && { spec: kept } };
  });
}

function requestOf({ receiver, args }: Json): SuiteRequest {
  const expected = plain(args.find((arg: Json) => arg?.Request || arg?.EchoRequest || arg?.EchoTwoRequest || arg?.EchoThreeRequest));
  const address = args.find((arg: Json) => arg?.$call?.startsWith('kubernetes.Gateway'));
  const [reference, listener] = address?.args.find((arg: Json) => arg?.$call === 'kubernetes.NewGatewayRef')?.args ?? [];
  const client = receiver?.$call?.startsWith('echo.ConnectToApp') ? receiver.args : undefined;
  const texts = args.filter((arg: Json) => typeof arg === 'string' && arg.includes('.'));
  return {
    ...reference && { gateway: { namespace: reference.Namespace, name: reference.Name, ...listener && { listener } } },
    ...client && { client: { app: plain(client[2]).Name ?? client[2], namespace: client[3] ?? 'gateway-conformance-mesh' } },
    ...texts.length > 0 && { serverName: texts[0] },
    expected,
  };
}

/** A value without the names of its types. */
function plain(value: Json): Json {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== '$type').map(([name, each]) => [name, plain(each)]));
}

if (require.main === module) writeFileSync(KEPT, `${JSON.stringify(suiteOfModule())}\n`);
