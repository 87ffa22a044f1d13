import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import Ajv from 'ajv';
import * as yaml from 'js-yaml';
import type { Manifest } from './manifests';

interface Crd { spec: { group: string; names: { kind: string }; versions: { name: string; schema: { openAPIV3Schema: object } }[] } }

/** Kubernetes prunes what a schema does not name; here it is an error, so that misspelt fields show. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const node = schema as { [key: string]: unknown };
  const result = Object.fromEntries(Object.entries(node).map(([key, value]) => [
    key, key === 'properties' ? Object.fromEntries(Object.entries(value as object).map(([name, s]) => [name, closed(s)])) : closed(value),
  ]));
  if (node.type === 'object' && node.properties && !node['x-kubernetes-preserve-unknown-fields']) result.additionalProperties ??= false;
  return result;
}

const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
const validators = new Map<string, ValidateFunction>();
for (const crd of yaml.loadAll(readFileSync(join(__dirname, '../imports/crds/istio.yaml'), 'utf8')) as Crd[]) {
  for (const version of crd.spec.versions) {
    const spec = (version.schema.openAPIV3Schema as { properties: { spec: object } }).properties.spec;
    validators.set(`${crd.spec.group}/${version.name}/${crd.spec.names.kind}`, ajv.compile(closed(spec) as object));
  }
}

/** What the pinned CRD says against a manifest's spec; nothing of kinds that Istio does not own. */
export function crdErrors(manifest: Manifest): string[] {
  if (!manifest.apiVersion.includes('istio.io/')) return [];
  const validate = validators.get(`${manifest.apiVersion}/${manifest.kind}`);
  if (!validate) return [`no pinned CRD for ${manifest.apiVersion} ${manifest.kind}`];
  if (validate(manifest.spec)) return [];
  return validate.errors!.map(e => `${manifest.kind} ${manifest.metadata.name}: spec${e.instancePath} ${e.message}${e.params.additionalProperty ? ` (${e.params.additionalProperty})` : ''}`);
}
