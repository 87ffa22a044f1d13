import { readFileSync } from 'node:fs';
import type { MeshConfigFields } from '../../envoy/mesh-config';
import { parseYaml } from '../../manifest/document';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import { UsageError } from '../usage-error';

/** Reads MeshConfig where one is named, else where the manifests hold it, as Istio's ConfigMap or an IstioOperator. */
export function meshConfigFor(objects: readonly KubernetesObject[], file: string | undefined): MeshConfigFields | undefined {
  if (file !== undefined) return readMeshConfig(file);
  const holder = objects.find(isHolder);
  return holder && within(holder, `${holder.kind} ${holder.metadata.name}`);
}

function isHolder({ kind, apiVersion, metadata, data }: KubernetesObject): boolean {
  return (kind === 'ConfigMap' && metadata.name === 'istio' && typeof data?.mesh === 'string')
    || (kind === 'IstioOperator' && apiVersion.startsWith('install.istio.io/'));
}

function readMeshConfig(file: string): MeshConfigFields {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--mesh-config: '${file}' cannot be read (${(error as NodeJS.ErrnoException).code}); name a file of YAML`);
  }
  const value = parsed(text, file);
  return typeof value.kind === 'string' ? within(value as unknown as KubernetesObject, file) : value;
}

function within({ kind, data, spec }: KubernetesObject, place: string): MeshConfigFields {
  if (kind === 'ConfigMap') return parsed(data?.mesh ?? '', `${place}, data.mesh`);
  if (kind === 'IstioOperator') return spec?.meshConfig ?? {};
  throw new UsageError(`--mesh-config: ${place} holds a ${kind}; give MeshConfig itself, the ConfigMap 'istio', or an IstioOperator`);
}

function parsed(text: string, place: string): MeshConfigFields {
  const { values: [value], problems: [problem] } = parseYaml(text);
  if (problem) throw new UsageError(`--mesh-config: ${place}${problem.line === undefined ? '' : `:${problem.line}`}: ${problem.message}; ${problem.repair}`);
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw new UsageError(`--mesh-config: ${place} is no object; write fields of MeshConfig, such as outboundTrafficPolicy`);
  return value as MeshConfigFields;
}
