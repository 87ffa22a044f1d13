import type { DocumentValue } from './document';
import type { KubernetesObject, ObjectMeta } from './kubernetes-object';
import type { ManifestProblem } from './manifest-problem';
import { isNamespaced } from './namespaced';
import { isConstructMetadata, isEmptyList, isForeign, objectProblem } from './object-problem';
import type { FieldPath } from './provenance';
import { recordProvenance } from './provenance';

export interface LoadOptions {
  /** The namespace of objects that name none, as `kubectl apply -n` would set it. */
  readonly namespace?: string;
  /**
   * Documents that were read before, by their text: a second set of manifests mostly holds what the first one holds. The objects are then
   * the same, and their places are those in the second set.
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
  /** Finds the line of a field of the document; what is from memory has no lines. */
  readonly lineOf?: (path: FieldPath) => number;
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

  /** Takes one value as an object, or as a list of them. */
  public addValue(value: unknown, place: Place): void {
    if (isAbsent(value) || isConstructMetadata(value)) return;
    const problem = objectProblem(value);
    if (problem === undefined) {
      this.addObject(value as KubernetesObject & { readonly items?: unknown }, place);
      return;
    }
    const what = place.within.length === 0 ? 'the document' : `item ${String(place.within[place.within.length - 1])} of the list`;
    this.problems.push({
      file: place.file,
      line: place.lineOf?.(place.within),
      message: `${what} ${problem.is}`,
      repair: problem.repair,
      ...(place.within.length === 0 && isForeign(value) && { foreign: true }),
    });
  }

  private addObject(object: KubernetesObject & { readonly items?: unknown }, place: Place): void {
    if (isEmptyList(object)) return;
    if (!Array.isArray(object.items)) {
      this.objects.push(this.placed(object, place));
      return;
    }
    if (place.within.length > 0) {
      const { file, lineOf, within } = place;
      const message = 'Kubernetes refuses a list within a list';
      this.problems.push({ file, line: lineOf?.(within), message, repair: 'put its items into the outer list' });
    }
    object.items.forEach((item: unknown, i) => {
      this.addValue(item === null ? NO_ITEM : completeItem(item, object), { ...place, within: [...place.within, 'items', i] });
    });
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

  private placed(object: KubernetesObject, { file, index, lineOf, within }: Place): KubernetesObject {
    // A document that stands twice in one set gives two objects, though it is read once.
    let placed = withoutNulls(this.taken?.has(object) ? { ...object } : object);
    this.taken?.add(object);
    if (placed.metadata.namespace === undefined && isNamespaced(object)) {
      if (this.options.namespace === undefined) this.withoutNamespace++;
      else placed = { ...placed, metadata: { ...placed.metadata, namespace: this.options.namespace } };
    }
    if (lineOf !== undefined) recordProvenance(placed, { file, document: index, lineOf: path => lineOf([...within, ...path]) });
    return placed;
  }
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** What istioctl calls the object that it is given without a name. */
const INSTALLED: ObjectMeta = { name: 'installed-state', namespace: 'istio-system' };

/** An object without nulls in its metadata, which Kubernetes takes for absent: the object itself where there is none. */
function withoutNulls(object: KubernetesObject): KubernetesObject {
  if (isAbsent(object.metadata)) return { ...object, metadata: INSTALLED };
  const { labels, annotations } = object.metadata;
  const isNull = (value: unknown) => value === null;
  if (![object.metadata, labels ?? {}, annotations ?? {}].some(fields => Object.values(fields).some(isNull))) return object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([, value]) => !isNull(value))) as unknown as ObjectMeta;
  const maps = { ...(labels && { labels: stringsOf(labels) }), ...(annotations && { annotations: stringsOf(annotations) }) };
  return { ...object, metadata: { ...metadata, ...maps } };
}

/** A map of strings as Go reads it, for which null is the empty string. */
function stringsOf(map: { readonly [key: string]: string | null }): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? '']));
}

/** Stands for an item that is null, which is a mistake, unlike an empty document. */
const NO_ITEM = 'null';

/** An item as the API server knows it: a list of one kind, such as a ServiceList, states the kind once for all items that state none. */
function completeItem(item: unknown, { apiVersion, kind }: KubernetesObject): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const stated = item as Partial<KubernetesObject>;
  if (!isEmpty(stated.apiVersion) || !isEmpty(stated.kind)) return item;
  return { ...item, apiVersion, kind: kind.replace(/List$/, '') };
}

function isEmpty(value: unknown): boolean {
  return isAbsent(value) || value === '';
}

/** Gives objects from memory the default namespace, and unfolds Lists. */
export function manifestsFrom(values: readonly unknown[], options: LoadOptions = {}): LoadedManifests {
  const collector = new Collector(options);
  values.forEach((value, index) => collector.addValue(value, { file: `object ${index + 1}`, index, within: [] }));
  return collector.loaded;
}
