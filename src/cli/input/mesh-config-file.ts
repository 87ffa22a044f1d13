import type { MeshConfigFields } from '../../envoy/mesh-config';
import { meshConfigProblem } from '../../envoy/mesh-config';
import { operatorMeshConfig } from '../../envoy/operator-mesh-config';
import { refusedLogFormat } from '../../envoy/telemetry/log-format';
import { parseYaml } from '../../manifest/document';
import { fileProblem } from '../../manifest/file-finder';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { ManifestProblem } from '../../manifest/manifest-problem';
import { describeProblem } from '../../manifest/manifest-problem';
import { lineOf, provenanceOf } from '../../manifest/provenance';
import { readValue } from '../../manifest/shape';
import { readText } from '../../manifest/text-file';
import { UsageError } from '../usage-error';

/** MeshConfig with which istiod sends listeners that Envoy refuses. */
class RefusedByEnvoy extends UsageError {}

/** The field that holds MeshConfig. */
const CONFIG_MAP = { data: { mesh: 'anything' } } as const;

/** Reads MeshConfig from the given file, else from Istio's ConfigMap or an IstioOperator in the manifests. */
export function meshConfigFor(objects: readonly KubernetesObject[], file: string | undefined): MeshConfigFields | undefined {
  if (file !== undefined) return readMeshConfig(file);
  const holder = objects.find(isHolder);
  return holder && within(holder, `${holder.kind} ${holder.metadata.name}`);
}

/** The object in the manifests whose MeshConfig cannot be read, and why. */
export function refusedMeshConfig(
  objects: readonly KubernetesObject[],
): { readonly object: KubernetesObject; readonly problem: ManifestProblem } | undefined {
  const object = objects.find(isHolder);
  if (!object) return undefined;
  try {
    meshConfigFor([object], undefined);
    return undefined;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const [message, repair = 'correct it'] = error.message.split('; ');
    const place = { file: provenanceOf(object)?.file ?? 'memory', line: lineOf(object) };
    return { object, problem: { ...place, message, repair, ...(error instanceof RefusedByEnvoy && { isRefusedByEnvoy: true }) } };
  }
}

function isHolder(object: KubernetesObject): boolean {
  const { kind, apiVersion, metadata } = object;
  return (kind === 'ConfigMap' && metadata.name === 'istio' && typeof readValue(CONFIG_MAP, object)?.data?.mesh === 'string')
    || (kind === 'IstioOperator' && apiVersion.startsWith('install.istio.io/'));
}

function readMeshConfig(file: string): MeshConfigFields {
  const place = `--mesh-config: ${file}`;
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new UsageError(describeProblem({ file: place, ...fileProblem(error) }));
  }
  const value = parsed(text, place);
  const kind = (value as Partial<KubernetesObject> | null)?.kind;
  return typeof kind === 'string' ? within(value as KubernetesObject, place) : checked(value, place);
}

function within(object: KubernetesObject, place: string): MeshConfigFields {
  const { kind } = object;
  if (kind === 'IstioOperator') return checked(operatorMeshConfig(object), `${place}, spec.meshConfig`);
  if (kind !== 'ConfigMap') {
    throw new UsageError(`${place} holds a ${kind}; use plain MeshConfig, the ConfigMap 'istio', or an IstioOperator`);
  }
  const text = readValue(CONFIG_MAP, object)?.data?.mesh ?? '';
  if (typeof text !== 'string') {
    throw new UsageError(`${place}, data.mesh must be a string; write MeshConfig as a block, after 'mesh: |'`);
  }
  return checked(parsed(text, `${place}, data.mesh`), `${place}, data.mesh`);
}

function parsed(text: string, place: string): unknown {
  const { values, problems: [problem] } = parseYaml(text);
  if (problem) throw new UsageError(describeProblem({ file: place, ...problem }));
  const [value, ...others] = values.filter(each => each !== null);
  if (others.length > 0) throw new UsageError(`${place} holds several documents; keep the one with MeshConfig`);
  return value;
}

/** The fields that are set. A null value does not set a field. */
function checked(value: unknown, place: string): MeshConfigFields {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new UsageError(`${place} must be an object; write fields of MeshConfig, such as outboundTrafficPolicy`);
  }
  const fields = Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));
  const problem = meshConfigProblem(fields);
  if (problem !== undefined) throw new UsageError(`${place}: ${problem}`);
  const format = refusedLogFormat(fields);
  if (format) {
    const { place: field, objection: [limit, repair] } = format;
    throw new RefusedByEnvoy(`${place}: ${field} ${limit}, so Envoy refuses every listener; ${repair}`);
  }
  return fields;
}
