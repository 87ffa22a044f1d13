import type { DocumentValue } from './document';
import type { DocumentText } from './document-text';
import { contentLine } from './document-text';
import type { KubernetesObject, ObjectMeta } from './kubernetes-object';
import type { ManifestProblem } from './manifest-problem';
import { isNamespaced } from './namespaced';
import type { FieldPath } from './provenance';
import { recordProvenance } from './provenance';

export interface LoadOptions {
  /** The namespace of objects that name none, as `kubectl apply -n` would set it. */
  readonly namespace?: string;
  /**
   * Documents that were read before, by their text: a second set of manifests mostly holds what the first one holds. The objects are the same
   * ones, and their places are then those in the second set.
   */
  readonly known?: Map<string, DocumentValue>;
}

/** The objects of manifests, in the order in which they stand, and what could not be read. */
export interface LoadedManifests {
  readonly objects: readonly KubernetesObject[];
  readonly problems: readonly ManifestProblem[];
  /** What the input leaves undecided. */
  readonly notes: readonly string[];
}

/** Where a value stands. */
export interface Place {
  readonly file: string;
  readonly index: number;
  readonly document?: DocumentText;
  readonly within: FieldPath;
}

/** Collects the objects of manifests. */
export class Collector {
  public readonly objects: KubernetesObject[] = [];
  public readonly problems: ManifestProblem[] = [];
  /** Objects that were handed out, where documents may be known from before. */
  private readonly taken?: Set<KubernetesObject>;
  private withoutNamespace = 0;

  public constructor(protected readonly options: LoadOptions) {
    if (options.known) this.taken = new Set();
  }

  /** Takes one value as an object, or as a List of them. */
  public addValue(value: unknown, place: Place): void {
    if (isAbsent(value)) return;
    const problem = objectProblem(value);
    if (problem !== undefined) {
      const what = place.within.length === 0 ? 'the document' : `item ${String(place.within[1])} of the List`;
      this.problems.push({ file: place.file, line: place.document && contentLine(place.document), message: `${what} ${problem.is}`, repair: problem.repair, ...(isForeign(value) && { foreign: true }) });
      return;
    }
    const object = value as KubernetesObject & { items?: unknown };
    if (object.kind.endsWith('List') && Array.isArray(object.items)) {
      object.items.forEach((item, i) => this.addValue(item, { ...place, within: [...place.within, 'items', i] }));
      return;
    }
    this.objects.push(this.placed(object, place));
  }

  public get loaded(): LoadedManifests {
    return { objects: this.objects, problems: this.problems, notes: this.notes() };
  }

  private notes(): string[] {
    if (this.withoutNamespace === 0) return [];
    const are = this.withoutNamespace === 1 ? 'object names' : 'objects name';
    return [`${this.withoutNamespace} ${are} no namespace, and none was given: `
      + 'what short host names stand for and what is visible to whom is undecided for them'];
  }

  private placed(object: KubernetesObject, { file, index, document, within }: Place): KubernetesObject {
    // A document that stands twice in one set gives two objects, though it is read once.
    let placed = withoutNulls(this.taken?.has(object) ? { ...object } : object);
    this.taken?.add(object);
    if (placed.metadata.namespace === undefined && isNamespaced(object)) {
      if (this.options.namespace === undefined) this.withoutNamespace++;
      else placed = { ...placed, metadata: { ...placed.metadata, namespace: this.options.namespace } };
    }
    if (document !== undefined) recordProvenance(placed, { file, document: index, text: document.text, firstLine: document.firstLine, within });
    return placed;
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** An object without metadata that is null, which Kubernetes takes for absent: the object itself where none is. */
function withoutNulls(object: KubernetesObject): KubernetesObject {
  const fields = Object.entries(object.metadata);
  if (!fields.some(([, value]) => value === null)) return object;
  return { ...object, metadata: Object.fromEntries(fields.filter(([, value]) => value !== null)) as unknown as ObjectMeta };
}

function isTextMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(text => typeof text === 'string');
}

/** Whether a value does not even look like an object of Kubernetes: values of a chart, a Kustomization. */
function isForeign(value: unknown): boolean {
  const { apiVersion, kind, metadata } = value as { readonly [field: string]: unknown };
  return typeof apiVersion !== 'string' || typeof kind !== 'string' || isAbsent(metadata);
}

const IN_QUOTES = 'write a text, in quotes where it could be a number';

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function stated(field: string, value: unknown): string {
  return value === undefined || value === '' ? `no ${field}` : `${JSON.stringify(value)} as ${field}`;
}

/** What keeps a value from being an object of Kubernetes, and the repair. */
function objectProblem(value: unknown): { readonly is: string; readonly repair: string } | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return { is: 'is no object', repair: 'write apiVersion, kind and metadata' };
  const { apiVersion, kind, metadata, items } = value as { [field: string]: unknown };
  if (!isName(apiVersion)) return { is: `has ${stated('apiVersion', apiVersion)}`, repair: 'write a text, such as networking.istio.io/v1' };
  if (!isName(kind)) return { is: `has ${stated('kind', kind)}`, repair: 'write a text, such as VirtualService' };
  if (kind.endsWith('List') && Array.isArray(items)) return undefined;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    return { is: `of kind ${String(kind)} has no metadata`, repair: 'write metadata with a name' };
  }
  const { name, namespace, labels, annotations, generateName } = metadata as { [field: string]: unknown };
  const named = `of kind ${String(kind)}`;
  if (typeof name !== 'string' && !(name === undefined && typeof generateName === 'string')) {
    return { is: `${named} has ${name === undefined ? 'no metadata.name' : `${JSON.stringify(name)} as metadata.name`}`, repair: IN_QUOTES };
  }
  if (!isAbsent(namespace) && typeof namespace !== 'string') {
    return { is: `${named} has ${JSON.stringify(namespace)} as metadata.namespace`, repair: IN_QUOTES };
  }
  const field = [labels, annotations].findIndex(map => !isAbsent(map) && !isTextMap(map));
  if (field < 0) return undefined;
  return { is: `${named} (${String(name)}) has values in metadata.${field === 0 ? 'labels' : 'annotations'} that are no texts`, repair: 'put them in quotes' };
}

/** Gives objects from memory the default namespace, and unfolds Lists. */
export function manifestsFrom(values: readonly unknown[], options: LoadOptions = {}): LoadedManifests {
  const collector = new Collector(options);
  values.forEach((value, index) => collector.addValue(value, { file: `object ${index + 1}`, index, within: [] }));
  return collector.loaded;
}
