import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidateFunction } from 'ajv';
import Ajv from 'ajv';
import * as yaml from 'js-yaml';
import type { Manifest } from './manifests';

interface Crd { spec: { group: string; names: { kind: string }; versions: { name: string; schema: { openAPIV3Schema: object } }[] } }

/** Kubernetes prunes unknown fields; here they are errors, so misspelled fields are found. */
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
let crds: readonly Crd[] | undefined;

/** The validator of a kind, created on first use. */
function validatorOf({ apiVersion, kind }: Manifest): ValidateFunction | undefined {
  const id = `${apiVersion}/${kind}`;
  const known = validators.get(id);
  if (known) return known;
  crds ??= yaml.loadAll(readFileSync(join(__dirname, '../imports/crds/istio.yaml'), 'utf8')) as Crd[];
  const crd = crds.find(({ spec }) => spec.names.kind === kind && apiVersion.startsWith(`${spec.group}/`));
  const version = crd?.spec.versions.find(({ name }) => apiVersion === `${crd.spec.group}/${name}`);
  if (!version) return undefined;
  const made = ajv.compile(closed((version.schema.openAPIV3Schema as { properties: { spec: object } }).properties.spec) as object);
  validators.set(id, made);
  return made;
}

/** The errors of a manifest's spec by the pinned CRD; none for kinds without one. */
export function crdErrors(manifest: Manifest): string[] {
  if (!manifest.apiVersion.includes('istio.io/')) return [];
  const validate = validatorOf(manifest);
  if (!validate) return [`no pinned CRD for ${manifest.apiVersion} ${manifest.kind}`];
  if (validate(manifest.spec)) return [];
  return validate.errors!.map(
    e =>
      `${manifest.kind} ${manifest.metadata.name}: spec${e.instancePath} ${e.message}${e.params.additionalProperty ? ` (${e.params.additionalProperty})` : ''}`,
  );
}
