import type { Option } from './command';

/** Options of every command. */
export const COMMON_OPTIONS: readonly Option[] = [
  { name: 'quiet', short: 'q', summary: 'only errors on stderr' },
  { name: 'help', short: 'h', summary: 'this help' },
];

const NAMESPACE: Option = {
  name: 'namespace', short: 'n', value: 'NAMESPACE', summary: 'the namespace of objects that have none, as in kubectl apply -n',
};
const EACH: Option = { name: 'each', summary: 'every direct sub-folder of a PATH is its own environment' };
export const MESH_CONFIG: Option = {
  name: 'mesh-config',
  value: 'FILE',
  summary: 'MeshConfig as YAML: the plain file, the ConfigMap istio, or an IstioOperator',
};
const FACTS: Option = {
  name: 'facts',
  value: 'FILE',
  repeatable: true,
  summary: 'what the cluster has besides the input: gateways, Services, namespaces, MeshConfig',
};
const COMPLETE: Option = { name: 'complete', summary: 'nothing exists in the cluster besides the input; what the input lacks is an error' };
const ISTIO: Option = {
  name: 'istio',
  value: 'VERSION',
  summary: 'the Istio version to translate for, such as 1.22; default: the newest known',
};

/** Options of every command that reads manifests. */
export const MANIFEST_OPTIONS: readonly Option[] = [NAMESPACE, EACH, MESH_CONFIG, FACTS, COMPLETE];

/** Options of every command that translates manifests. */
export const TRANSLATION_OPTIONS: readonly Option[] = [...MANIFEST_OPTIONS, ISTIO];

export const FROM: Option = {
  name: 'from', value: 'NAMESPACE[/KEY=VALUE,...]', summary: 'the caller: a sidecar in this namespace, with these labels',
};
export const GATEWAY: Option = {
  name: 'gateway', value: 'NAMESPACE[/KEY=VALUE,...]', summary: 'the caller: a gateway in this namespace, with these labels',
};

export const WAYPOINT: Option = {
  name: 'waypoint', value: 'NAMESPACE/NAME', summary: 'a waypoint in place of a caller: what it does with the calls of ambient mode that pass it',
};

/** Takes what is not judged as a difference. The summary of each command says what that means. */
export const STRICT: Pick<Option, 'name'> = { name: 'strict' };
