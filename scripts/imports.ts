// Regenerates imports/: the pinned CRDs of Istio and of the Gateway API, and the types that `cdk8s import` generates from Istio's.
// The result is committed. Running this needs Go, which fetches the module with the CRDs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as yaml from 'js-yaml';
import { SERVED_VERSIONS } from './schemas';
import { PINS } from '../src/envoy/pins';

const MODULE = `istio.io/api@${PINS.apiModule}`;
const KINDS = new Set(['AuthorizationPolicy', 'DestinationRule', 'EnvoyFilter', 'Gateway', 'PeerAuthentication', 'ProxyConfig', 'RequestAuthentication',
  'ServiceEntry', 'Sidecar', 'Telemetry', 'TrafficExtension', 'VirtualService', 'WasmPlugin', 'WorkloadEntry', 'WorkloadGroup']);
/** The kinds that are not served as v1. */
const VERSIONS: { readonly [kind: string]: string | undefined } = {
  EnvoyFilter: 'v1alpha3', ProxyConfig: 'v1beta1', TrafficExtension: 'v1alpha1', WasmPlugin: 'v1alpha1',
};
/** The kinds of the Gateway API that istiod converts. */
const GATEWAY_KINDS = new Set(['BackendTLSPolicy', 'GRPCRoute', 'Gateway', 'GatewayClass', 'HTTPRoute', 'ListenerSet', 'ReferenceGrant', 'TCPRoute',
  'TLSRoute']);
const versionOf = (kind: string) => VERSIONS[kind] ?? 'v1';

interface Version {
  readonly name: string;
  readonly served: boolean;
  readonly schema: unknown;
  readonly subresources?: unknown;
}

interface Crd {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: { readonly [name: string]: string } };
  readonly spec: { readonly group: string; readonly names: { readonly kind: string }; readonly versions: readonly Version[] };
}

const root = join(__dirname, '..');

function moduleFolder(cwd: string): string {
  try {
    return (JSON.parse(execFileSync('go', ['mod', 'download', '-json', MODULE], { cwd, encoding: 'utf8' })) as { Dir: string }).Dir;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'Go is not installed' : `go mod download failed: ${message}`;
    throw new Error(`${why}. The committed imports/ stay as they are; install Go and run again to regenerate them from ${MODULE}.`);
  }
}

/** Removes descriptions, but keeps properties with the name "description". */
function strip(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strip);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).filter(
    ([key, value]) => key !== 'description' || typeof value !== 'string',
  ).map(([key, value]) => [
    key, key === 'properties' ? Object.fromEntries(
      Object.entries(value as object).map(([name, inner]) => [name, strip(inner)]),
    ) : strip(value),
  ]));
}

function pinned(crd: Crd): Crd {
  const version = crd.spec.versions.find(({ name }) => name === versionOf(crd.spec.names.kind));
  if (!version) throw new Error(`the pinned modules have no ${versionOf(crd.spec.names.kind)} of ${crd.spec.names.kind}`);
  const { name, schema, subresources } = version;
  const only = { name, served: true, storage: true, schema: strip(schema), subresources };
  const annotations = { [SERVED_VERSIONS]: crd.spec.versions.filter(({ served }) => served).map(other => other.name).join(' ') };
  return {
    apiVersion: crd.apiVersion,
    kind: crd.kind,
    metadata: { name: crd.metadata.name, annotations },
    spec: { ...crd.spec, versions: [only] },
  };
}

function yamlOf(module: string, crds: readonly Crd[]): string {
  return `# The CRDs of ${module}, one version each, without descriptions. Made by scripts/imports.ts; do not edit.\n`
    + crds.map(crd => yaml.dump(crd, { noRefs: true, lineWidth: 150, skipInvalid: true })).join('---\n');
}

/**
 * The CRDs of the Gateway API module that the pinned istiod is built with. The experimental channel has every field of the standard
 * channel.
 */
function gatewayApi(): string {
  const options = { cwd: join(root, 'conformance/istiod'), encoding: 'utf8' } as const;
  const format = '{{.Path}}@{{.Version}} {{.Dir}}';
  const [module, dir] = execFileSync('go', ['list', '-m', '-f', format, 'sigs.k8s.io/gateway-api'], options).trim().split(' ');
  const folder = join(dir, 'config/crd/experimental');
  const all = readdirSync(folder).sort().flatMap(file => yaml.loadAll(readFileSync(join(folder, file), 'utf8')) as (Crd | null)[]);
  const crds = all.filter(crd => crd?.kind === 'CustomResourceDefinition' && GATEWAY_KINDS.has(crd.spec.names.kind)).map(crd => pinned(crd!));
  if (crds.length !== GATEWAY_KINDS.size) throw new Error(`found ${crds.length} of ${GATEWAY_KINDS.size} kinds in ${module}`);
  return yamlOf(module, crds);
}

function put(file: string, content: string): void {
  writeFileSync(join(root, `${file}.new`), content);
  renameSync(join(root, `${file}.new`), join(root, file));
  console.log(file);
}

function main(temp: string): void {
  const all = yaml.loadAll(
    readFileSync(join(moduleFolder(temp), 'kubernetes/customresourcedefinitions.gen.yaml'), 'utf8'),
  ) as (Crd | null)[];
  const crds = all.filter(crd => crd !== null && KINDS.has(crd.spec.names.kind)).map(crd => pinned(crd!));
  if (crds.length !== KINDS.size) throw new Error(`found ${crds.length} of ${KINDS.size} kinds in ${MODULE}`);
  const text = yamlOf(MODULE, crds);
  writeFileSync(join(temp, 'istio.yaml'), text);

  execFileSync(process.execPath, [join(
    root,
    'node_modules/cdk8s-cli/bin/cdk8s',
  ), 'import', 'istio.yaml', '-l', 'typescript', '-o', 'out', '--no-save',
  '--check-upgrade=false'], { cwd: temp, stdio: ['ignore', 'ignore', 'inherit'] });

  mkdirSync(join(root, 'imports/crds'), { recursive: true });
  put('imports/crds/istio.yaml', text);
  put('imports/crds/gateway-api.yaml', gatewayApi());
  for (const group of new Set(crds.map(crd => crd.spec.group))) {
    const generated = readFileSync(join(temp, 'out', `${group}.ts`), 'utf8').replace(/^\/\/ generated by cdk8s\n/, '');
    put(`imports/${group}.ts`, `// Generated by scripts/imports.ts from ${MODULE}; do not edit.\n/* eslint-disable */\n${generated}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'imports-'));
try {
  main(folder);
} catch (error) {
  console.error(`imports: ${(error as Error).message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
