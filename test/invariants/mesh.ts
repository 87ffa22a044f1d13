import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Edge } from '../../src/edge/edge';
import type { MeshConfigFields } from '../../src/envoy/mesh-config';
import { Translator } from '../../src/envoy/translator';
import { parseInvariants } from '../../src/invariants/invariants-file';
import { prove } from '../../src/invariants/prove';
import type { Result } from '../../src/invariants/result';
import { parseManifests } from '../../src/manifest/loader';
import type { Decision } from '../../src/simulator/decision';
import { Mesh } from '../../src/simulator/mesh';

/** A Service with its pods, of a service account of the same name: of one version, or of several. */
export function workload(name: string, namespace: string, versions: readonly string[] = ['v1']): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: ${namespace} }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80, targetPort: 8080 }] }
---${versions.map(version => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}-${version}, namespace: ${namespace} }
spec:
  template:
    metadata: { labels: { app: ${name}, version: ${version} } }
    spec: { serviceAccountName: ${name}, containers: [{ name: app, image: app, ports: [{ containerPort: 8080 }] }] }
---`).join('')}`;
}

export interface Options {
  readonly meshConfig?: MeshConfigFields;
  readonly complete?: boolean;
}

/** The results of invariants about manifests. */
export function resultsOf(manifests: string, invariants: string, { meshConfig, complete }: Options = {}): Result[] {
  const { objects } = parseManifests(manifests);
  const translator = new Translator(objects, { meshConfig });
  return prove(parseInvariants(invariants, 'invariants.yaml'), {
    objects, meshConfig, translator, edge: new Edge(objects, { meshConfig, complete, hasAllPods: complete }),
  });
}

/** The result of one invariant. */
export function resultOf(manifests: string, invariant: string, options?: Options): Result {
  return resultsOf(manifests, `invariants: [{ name: it, ${invariant} }]`, options)[0];
}

/** What the simulator says about the witness of a result, in a mesh of its own. */
export function replayed({ witness }: Result, manifests: string, { meshConfig }: Options = {}): Decision {
  const { caller, as, request } = witness!;
  const mesh = Mesh.fromManifests(parseManifests(manifests).objects, { meshConfig });
  const own = caller.type === 'gateway' ? mesh.gateway(caller) : mesh.sidecar(caller);
  const known = as ? own.as(as) : own;
  const proxy = 'token' in request && request.token ? known.withToken(request.token) : known;
  return 'method' in request ? proxy.request(request.method, request.url, { headers: request.headers }) : proxy.connect(request.url);
}

const folder = mkdtempSync(join(tmpdir(), 'invariants-'));

/** Writes a file for the command line. */
export function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
