import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Adoption } from '../../src/adopt/adopt';
import { adopt } from '../../src/adopt/adopt';
import { Edge } from '../../src/edge/edge';
import { Translator } from '../../src/envoy/translator';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { ROOT, run } from '../cli/command-line';

/** What adopt makes of the objects of some YAML. */
export function adopted(yaml: string, options: { readonly only?: readonly string[]; readonly namespace?: string } = {}): Adoption {
  const { objects } = parseManifests(yaml, { namespace: options.namespace });
  const meshOf = (all: readonly KubernetesObject[]) => ({ objects: all, translator: new Translator(all), edge: new Edge(all, {}) });
  return adopt({ objects, clusterDomain: 'cluster.local', meshOf, only: options.only ?? [] });
}

export const root = mkdtempSync(join(tmpdir(), 'adopt-'));

/** A new empty folder in which programs find the packages of this repository. */
export function freshFolder(name: string): string {
  const folder = mkdtempSync(join(root, `${name}-`));
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

export function written(folder: string): { readonly [file: string]: string } {
  const files = readdirSync(folder).filter(file => file !== 'node_modules').sort();
  return Object.fromEntries(files.map(file => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** A file with manifests. */
export function manifests(name: string, yaml: string): string {
  const folder = join(root, 'manifests');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.yaml`);
  writeFileSync(file, yaml);
  return file;
}

/** Runs `adopt` in the command line. */
export function runAdopt(...args: readonly string[]) {
  return run(['adopt', ...args]);
}

/** Services of the namespace shop with one HTTP port and pods of versions. */
export function services(...ports: readonly (readonly [name: string, port: number])[]): string {
  return ports.map(([name, port]) => `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: ${port} }] }
---`).join('');
}

/** An object of networking.istio.io in the namespace shop. */
export function istio(kind: string, name: string, spec: string, metadata = ''): string {
  return `
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop${metadata} }
spec: ${spec}
---`;
}

export const VERSIONS = 'subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]';
