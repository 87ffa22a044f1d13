import type { Option } from './command';

/** Options of every command. */
export const COMMON_OPTIONS: readonly Option[] = [
  { name: 'quiet', short: 'q', summary: 'no messages on stderr but errors' },
  { name: 'help', short: 'h', summary: 'this help' },
];

const NAMESPACE: Option = {
  name: 'namespace', short: 'n', value: 'NAMESPACE', summary: 'the namespace of objects that state none, as kubectl apply -n gives it; without it they have none',
};
const EACH: Option = { name: 'each', summary: 'every direct sub-folder of a PATH is an environment of its own' };
export const MESH_CONFIG: Option = { name: 'mesh-config', value: 'FILE', summary: 'MeshConfig, as YAML: itself, or the ConfigMap or IstioOperator that holds it' };
const FACTS: Option = {
  name: 'facts', value: 'FILE', repeatable: true, summary: 'what the cluster has beside the input: gateways, Services, namespaces, MeshConfig',
};
const COMPLETE: Option = { name: 'complete', summary: 'nothing exists in the cluster beside the input: what it lacks is an error' };
const ISTIO: Option = { name: 'istio', value: 'VERSION', summary: 'the Istio to translate as, such as 1.22; without it the newest one known' };

/** Options of every command that reads manifests. */
export const MANIFEST_OPTIONS: readonly Option[] = [NAMESPACE, EACH, MESH_CONFIG, FACTS, COMPLETE];

/** Options of every command that asks what istiod makes of them. */
export const TRANSLATION_OPTIONS: readonly Option[] = [...MANIFEST_OPTIONS, ISTIO];

export const FROM: Option = {
  name: 'from', value: 'NAMESPACE[/KEY=VALUE,...]', summary: 'the caller: a sidecar in this namespace, with these labels',
};
export const GATEWAY: Option = {
  name: 'gateway', value: 'NAMESPACE[/KEY=VALUE,...]', summary: 'the caller: a gateway in this namespace, with these labels',
};

/** Counts what is not judged as a difference. Each command says in its summary what that means. */
export const STRICT: Pick<Option, 'name'> = { name: 'strict' };
