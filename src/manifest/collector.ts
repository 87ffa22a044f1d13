import type { DocumentValue } from './document';
import type { KubernetesObject, ObjectMeta } from './kubernetes-object';
import type { ManifestProblem } from './manifest-problem';
import { isNamespaced } from './namespaced';
import { isConstructMetadata, isEmptyList, isForeign, objectProblem } from './object-problem';
import type { FieldPath } from './provenance';
import { recordProvenance } from './provenance';

export interface LoadOptions {
  /** The namespace of objects that have none, as with `kubectl apply -n`. */
  readonly namespace?: string;
  /**
   * Documents that were read before, by their content: a second set of manifests mostly holds the same documents. It then has the same
   * objects, with their places in the second set.
   */
  readonly known?: Map<string, DocumentValue>;
}

/** The objects of manifests in their order, and what could not be read. */
export interface LoadedManifests {
  readonly objects: readonly KubernetesObject[];
  readonly problems: readonly ManifestProblem[];
  /** What the input does not determine. */
  readonly notes: readonly string[];
}

/** The place of a value. */
export interface Place {
  readonly file: string;
  readonly index: number;
  /** Finds the line of a field in the document. Objects from memory have no lines. */
  readonly lineOf?: (path: FieldPath) => number;
  readonly within: FieldPath;
}

/** Collects the objects of manifests. */
export class Collector {
  public readonly objects: KubernetesObject[] = [];
  public readonly problems: ManifestProblem[] = [];
  /** Objects that are already in use, if documents may be known from before. */
  private readonly taken?: Set<KubernetesObject>;
  private withoutNamespace = 0;

  public constructor(protected readonly options: LoadOptions) {
    if (options.known) this.taken = new Set();
  }

  /** Adds a value, which is an object or a list of objects. */
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
      const message = 'Kubernetes rejects a list within a list';
      this.problems.push({ file, line: lineOf?.(within), message, repair: 'move its items into the outer list' });
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
    const are = this.withoutNamespace === 1 ? 'object has' : 'objects have';
    return [`${this.withoutNamespace} ${are} no namespace, and no default is set: `
      + 'short host names and visibility are not decided'];
  }

  private placed(object: KubernetesObject, { file, index, lineOf, within }: Place): KubernetesObject {
    // A document that occurs twice in one set results in two objects, although it is read once.
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

/** The metadata that istioctl gives an IstioOperator without a name. */
const INSTALLED: ObjectMeta = { name: 'installed-state', namespace: 'istio-system' };

/** Removes nulls from the metadata, which Kubernetes treats as absent. An object without nulls is returned itself. */
function withoutNulls(stated: KubernetesObject): KubernetesObject {
  const object = completeInstallation(stated);
  const { labels, annotations } = object.metadata;
  const isNull = (value: unknown) => value === null;
  if (![object.metadata, labels ?? {}, annotations ?? {}].some(fields => Object.values(fields).some(isNull))) return object;
  const metadata = Object.fromEntries(Object.entries(object.metadata).filter(([, value]) => !isNull(value))) as unknown as ObjectMeta;
  const maps = { ...(labels && { labels: stringsOf(labels) }), ...(annotations && { annotations: stringsOf(annotations) }) };
  return { ...object, metadata: { ...metadata, ...maps } };
}

function completeInstallation(object: KubernetesObject): KubernetesObject {
  const metadata = object.metadata as KubernetesObject['metadata'] | null | undefined;
  const isComplete = object.kind !== 'IstioOperator' || !isAbsent(metadata?.name);
  return isComplete ? object : { ...object, metadata: { ...INSTALLED, ...metadata, name: INSTALLED.name } };
}

/** A map of strings as Go reads it: null is the empty string. */
function stringsOf(map: { readonly [key: string]: string | null }): { readonly [key: string]: string } {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, value ?? '']));
}

/** Represents a null item, which is an error, unlike an empty document. */
const NO_ITEM = 'null';

/** Completes an item as the API server does: the items of a list such as a ServiceList may omit their kind. */
function completeItem(item: unknown, { apiVersion, kind }: KubernetesObject): unknown {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
  const stated = item as Partial<KubernetesObject>;
  if (!isEmpty(stated.apiVersion) || !isEmpty(stated.kind)) return item;
  return { ...item, apiVersion, kind: kind.replace(/List$/, '') };
}

function isEmpty(value: unknown): boolean {
  return isAbsent(value) || value === '';
}

/** Adds the default namespace to objects from memory, and unfolds Lists. */
export function manifestsFrom(values: readonly unknown[], options: LoadOptions = {}): LoadedManifests {
  const collector = new Collector(options);
  values.forEach((value, index) => collector.addValue(value, { file: `object ${index + 1}`, index, within: [] }));
  return collector.loaded;
}
