import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { PINS } from '../../src/envoy/pins';
import { GoProgram } from '../go-program';

/** A proxy to translate for. */
export interface Proxy {
  readonly name: string;
  readonly type: 'sidecar' | 'gateway' | 'waypoint';
  readonly namespace: string;
  readonly labels?: { readonly [key: string]: string };
  /** Its locality, as region/zone/subzone. */
  readonly locality?: string;
}

/** Manifests to translate. Those without a namespace get `namespace`, as in `kubectl apply -n`. */
export interface TranslateCase {
  readonly id: string;
  readonly manifests: string;
  readonly namespace?: string;
  readonly proxies: readonly Proxy[];
  readonly meshConfig?: string;
  readonly features?: { readonly [name: string]: string };
  /** Whether the question is about who may call, which our translator answers by itself. */
  readonly isAboutAccess?: boolean;
}

/** Envoy's proto JSON. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

/** The configuration that istiod sends to one proxy. */
export interface ProxyConfig {
  readonly name: string;
  readonly listeners: readonly Json[];
  readonly routes: readonly Json[];
  readonly clusters: readonly Json[];
  readonly endpoints: { readonly [cluster: string]: readonly string[] };
}

export interface Verdict {
  readonly errors: readonly string[];
  readonly warnings?: readonly string[];
}

/** Every answer has the id of its case. A case that istiod rejects has an error instead. */
export type Answer<T> = { readonly id: string } & (({ readonly error: string }) | ({ readonly error?: undefined } & T));

const folder = __dirname;
const program = new GoProgram({ name: 'istiod', what: 'istiod\'s translator', module: folder });

/** What is missing to build the program, and how to get it; undefined if nothing is missing. */
export function missingTools(): string | undefined {
  return spawnSync('go', ['version']).status === 0 ? undefined : 'Go (1.26 or newer), from go.dev or the system\'s packages';
}

/** Builds the program if it is missing or built from other sources. The first build takes some minutes. */
export function build(): void {
  program.build();
}

/** Istio's CRDs in every version, from the module of the pinned ones. */
export function crds(): string {
  const { stdout } = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'istio.io/api'], { cwd: folder, encoding: 'utf8' });
  return join(stdout.trim(), 'kubernetes/customresourcedefinitions.gen.yaml');
}

/** The CRDs of the Gateway API, from the module that istiod is built with. */
function gatewayApiCrds(): string {
  const { stdout } = spawnSync('go', ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/gateway-api'], { cwd: folder, encoding: 'utf8' });
  return join(stdout.trim(), 'config/crd/experimental');
}

function* linesOf(cases: readonly object[]): Generator<string> {
  for (const each of cases) yield `${JSON.stringify(each)}\n`;
}

/** Asks the program. Questions and answers pass line by line, because all of them may be longer than Node's longest string. */
async function ask<T>(
  mode: string, cases: readonly { readonly id: string }[], options: readonly string[] = [],
  settings: { readonly [name: string]: string } = {},
): Promise<Answer<T>[]> {
  build();
  const temp = mkdtempSync(join(tmpdir(), 'istiod-'));
  const out = join(temp, 'answers.jsonl');
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(program.binary, [mode, '-o', out, ...options], {
        stdio: ['pipe', 'ignore', 'pipe'],
        env: {
          // Less collection of garbage saves up to half of the time. The benchmark measures istiod's own setting.
          ...(mode !== 'bench' && { GOGC: '400' }),
          ...process.env,
          ...(mode === 'admit' && { ISTIO_CRDS: crds() }),
          ...((mode === 'translate' || mode === 'bench') && { GATEWAY_API_CRDS: gatewayApiCrds() }),
          ISTIO_VERSION: `${PINS.istio}.0`,
          ...settings,
        },
      });
      let said = '';
      child.stderr.on('data', text => said += text);
      child.on('error', reject);
      child.on('close', code => (code === 0 ? resolve() : reject(new Error(`istiod ${mode} ended with ${code}: ${said.slice(-2000)}`))));
      child.stdin.on('error', reject);
      Readable.from(linesOf(cases)).pipe(child.stdin);
    });
    const answers: Answer<T>[] = [];
    for await (const line of createInterface({ input: createReadStream(out) })) answers.push(JSON.parse(line) as Answer<T>);
    return answers;
  } finally {
    rmSync(temp, { recursive: true, force: true });
  }
}

/**
 * The configuration that istiod would send to each proxy of each case. The full harness is a FakeDiscoveryServer, which is ten times
 * slower.
 */
export async function translate(
  cases: readonly TranslateCase[],
  harness: 'light' | 'full' = 'light',
): Promise<Answer<{ proxies: ProxyConfig[] }>[]> {
  // istiod reads once, at its start, whether the mesh has waypoints.
  const [ambient, others] = [cases.filter(hasWaypoint), cases.filter(each => !hasWaypoint(each))];
  const options = ['-harness', harness];
  const answers: Answer<{ proxies: ProxyConfig[] }>[] = [
    ...others.length > 0 ? await ask<{ proxies: ProxyConfig[] }>('translate', others, options) : [],
    ...ambient.length > 0 ? await ask<{ proxies: ProxyConfig[] }>('translate', ambient, options, { PILOT_ENABLE_AMBIENT: 'true' }) : [],
  ];
  const byId = new Map(answers.map(answer => [answer.id, answer]));
  return cases.map(({ id }) => byId.get(id)!);
}

function hasWaypoint({ proxies }: TranslateCase): boolean {
  return proxies.some(({ type }) => type === 'waypoint');
}

/** The time that istiod takes for the first proxy of each case, in milliseconds, warm and without output. */
export function bench(cases: readonly TranslateCase[]): Promise<Answer<{
  routesAndListeners: number;
  clusters: number;
  clusterCount: number;
}>[]> {
  return ask('bench', cases);
}

/** The verdicts of the admission webhook and of the CRDs (schema and CEL) on single documents. */
export function admit(cases: readonly { id: string; document: string; namespace?: string }[]):
Promise<Answer<{ kind: string; name: string; admission: Verdict; crd: Verdict }>[]> {
  return ask('admit', cases);
}

/** The findings of Istio's analyzers on a set of files. */
export function analyze(cases: readonly {
  id: string;
  files: { readonly [name: string]: string };
  namespace?: string;
  meshConfig?: string;
}[]):
  Promise<Answer<{ messages: { code: string; level: string; resource: string; message: string }[] }>[]> {
  return ask('analyze', cases);
}

/** The messages and enums that istiod knows, one per line. */
export async function messages(): Promise<readonly string[]> {
  const [answer] = await ask<{ messages: readonly string[] }>('messages', [{ id: 'messages' }]);
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer.messages;
}

/** Reads YAML like Kubernetes. */
export function readYaml(cases: readonly { id: string; text: string }[]): Promise<Answer<{ value: unknown }>[]> {
  return ask('yaml', cases);
}

/** The objects that Kubernetes reads in streams of documents, and the error that stops it. */
export function readStreams(cases: readonly { id: string; text: string }[]):
Promise<Answer<{ objects: { metadata?: { name: string } }[]; stopped: string }>[]> {
  return ask('read', cases);
}
