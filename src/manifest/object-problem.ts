/** Why a value is not a Kubernetes object, and the repair. */
export interface ObjectProblem {
  readonly is: string;
  readonly repair: string;
}

interface Fields { readonly [field: string]: unknown }

const QUOTED = 'write a string, in quotes if it could be a number';

/** Checks that a value is a Kubernetes object or a list of them. */
export function objectProblem(value: unknown): ObjectProblem | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { is: 'is not an object', repair: 'write apiVersion, kind and metadata' };
  }
  const { apiVersion, kind, metadata, items } = value as Fields;
  if (!isName(apiVersion) || apiVersion.split('/').length > 2) {
    return { is: `has ${stated('apiVersion', apiVersion)}`, repair: 'write a string, such as networking.istio.io/v1' };
  }
  if (!isName(kind)) return { is: `has ${stated('kind', kind)}`, repair: 'write a string, such as VirtualService' };
  if (Array.isArray(items) || isEmptyList({ kind, items })) return undefined;
  if (!isAbsent(items)) return { is: `of kind ${kind} has items that are not a list`, repair: 'write a list of objects' };
  if (!isInstallation({ apiVersion, kind })) return metadataProblem(kind, metadata);
  return isAbsent(metadata) ? undefined : metadataProblem(kind, isMap(metadata) ? { ...metadata, name: metadata.name ?? '' } : metadata);
}

function metadataProblem(kind: string, metadata: unknown): ObjectProblem | undefined {
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return { is: `of kind ${kind} has no metadata`, repair: 'write metadata with a name' };
  }
  const { name, namespace, labels, annotations, generateName } = metadata as Fields;
  if (typeof name !== 'string' && !(name === undefined && typeof generateName === 'string')) {
    return { is: `of kind ${kind} has ${stated('metadata.name', name)}`, repair: QUOTED };
  }
  if (!isAbsent(namespace) && typeof namespace !== 'string') {
    return { is: `of kind ${kind} has ${stated('metadata.namespace', namespace)}`, repair: QUOTED };
  }
  for (const [field, map] of Object.entries({ labels, annotations })) {
    if (!isAbsent(map) && !isStringMap(map)) {
      return { is: `of kind ${kind} (${String(name)}) has values in metadata.${field} that are not strings`, repair: 'quote them' };
    }
  }
  return undefined;
}

/** Whether an object is an empty list. */
export function isEmptyList({ kind, items }: Fields): boolean {
  return items === null && String(kind).endsWith('List');
}

/** Whether an object is an IstioOperator, which `istioctl install` accepts without metadata or without a name. */
function isInstallation({ apiVersion, kind }: Fields): boolean {
  return kind === 'IstioOperator' && String(apiVersion).startsWith('install.istio.io/');
}

/** API groups whose objects are never files of another tool. */
const JUDGED = /^(v1|apps\/.*|batch\/.*|networking\.k8s\.io\/.*|gateway\.networking\.k8s\.io\/.*|([\w-]+\.)*istio\.io\/.*)$/;

/** Whether a value is the file that cdk8s writes for its validations: the construct of each object. */
export function isConstructMetadata(value: unknown): boolean {
  if (!isMap(value) || !('resources' in value) || Object.keys(value).sort().join() !== 'resources,version') return false;
  const { version, resources } = value;
  return typeof version === 'string' && isMap(resources)
    && Object.values(resources).every(
      resource => isMap(resource) && Object.keys(resource).join() === 'path' && typeof resource.path === 'string',
    );
}

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value belongs to another tool: the values of a chart, a Kustomization, a kubeconfig. */
export function isForeign(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isForeign);
  if (typeof value !== 'object' || value === null) return true;
  const { apiVersion, kind, metadata, spec, items } = value as Fields;
  if ([apiVersion, kind, metadata, spec, items].filter(field => field !== undefined).length < 2) return true;
  return metadata === undefined && spec === undefined && items === undefined && (!JUDGED.test(String(apiVersion)) || kind === 'Config');
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Null counts as the empty string, as in Go. */
function isStringMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    && Object.values(value).every(part => typeof part === 'string' || part === null);
}

function stated(field: string, value: unknown): string {
  return value === undefined || value === '' ? `no ${field}` : `${JSON.stringify(value)} as ${field}`;
}
