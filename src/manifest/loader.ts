import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { DocumentText, DocumentValue } from './document';
import { contentLine, parseJson, parseYaml, splitDocuments, splitJson } from './document';
import type { KubernetesObject } from './kubernetes-object';
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

const EXTENSIONS = ['.yaml', '.yml', '.json'];

/** The files of a path, those of folders in the order of their names. What links lead to once more is left out. */
class FileFinder {
  public readonly files: string[] = [];
  public readonly problems: ManifestProblem[] = [];
  private readonly seen = new Set<string>();

  public add(path: string, named = true): void {
    try {
      const real = realpathSync(path);
      if (this.seen.has(real)) return;
      this.seen.add(real);
      const stat = statSync(real);
      if (stat.isDirectory()) this.addFolder(path);
      else if (!stat.isFile() && !named) return;
      else if (named || EXTENSIONS.includes(extname(path).toLowerCase())) this.files.push(path);
    } catch (e) {
      this.problems.push({ file: path, message: failure(e) });
    }
  }

  private addFolder(path: string): void {
    for (const name of readdirSync(path).sort()) {
      if (!name.startsWith('.') && name !== 'node_modules') this.add(join(path, name), false);
    }
  }
}

function failure(e: unknown): string {
  const { code, message } = e as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file or folder; name one that is there';
  if (code === 'EACCES') return 'it may not be read; grant the right to';
  return `it cannot be read: ${message}`;
}

/** Collects what is read. */
class Collector {
  public readonly objects: KubernetesObject[] = [];
  public readonly problems: ManifestProblem[] = [];
  /** Objects that were handed out, where documents may be known from before. */
  private readonly taken?: Set<KubernetesObject>;
  private withoutNamespace = 0;

  public constructor(private readonly options: LoadOptions) {
    if (options.known) this.taken = new Set();
  }

  public addText(file: string, text: string): void {
    const content = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    const json = /^\s*[{[]/.test(content.slice(0, 4096)) ? splitJson(content) : undefined;
    (json ?? splitDocuments(content)).forEach((document, index) => this.addDocument(file, document, index, json !== undefined));
  }

  /** Takes one value as an object, or as a List of them. */
  public addValue(value: unknown, place: Place): void {
    if (isAbsent(value)) return;
    const problem = objectProblem(value);
    if (problem !== undefined) {
      const what = place.within.length === 0 ? 'the document' : `item ${String(place.within[1])} of the List`;
      this.problems.push({ file: place.file, line: place.document && contentLine(place.document), message: `${what} ${problem}`, ...(isForeign(value) && { foreign: true }) });
      return;
    }
    const object = value as KubernetesObject & { items?: unknown };
    if (object.kind.endsWith('List') && Array.isArray(object.items)) {
      object.items.forEach((item, i) => this.addValue(item, { ...place, within: [...place.within, 'items', i] }));
      return;
    }
    this.objects.push(this.placed(object, place));
  }

  public notes(): string[] {
    if (this.withoutNamespace === 0) return [];
    const are = this.withoutNamespace === 1 ? 'object names' : 'objects name';
    return [`${this.withoutNamespace} ${are} no namespace, and none was given: `
      + 'what short host names stand for and what is visible to whom is undecided for them'];
  }

  private addDocument(file: string, document: DocumentText, index: number, json: boolean): void {
    const { values, problems } = this.parsed(document.text, json);
    for (const { line, message } of problems) {
      this.problems.push({ file, line: line === undefined ? contentLine(document) : document.firstLine + line - 1, message });
    }
    for (const value of values) this.addValue(value, { file, index, document, within: [] });
  }

  private parsed(text: string, json: boolean): DocumentValue {
    const known = this.options.known?.get(text);
    if (known) return known;
    const value = parsed(text, json);
    this.options.known?.set(text, value);
    return value;
  }

  private placed(object: KubernetesObject, { file, index, document, within }: Place): KubernetesObject {
    // A document that stands twice in one set gives two objects, though it is read once.
    let placed = this.taken?.has(object) ? { ...object } : object;
    this.taken?.add(object);
    if (isAbsent(object.metadata.namespace) && isNamespaced(object)) {
      if (this.options.namespace === undefined) this.withoutNamespace++;
      else placed = { ...object, metadata: { ...object.metadata, namespace: this.options.namespace } };
    }
    if (document !== undefined) recordProvenance(placed, { file, document: index, text: document.text, firstLine: document.firstLine, within });
    return placed;
  }
}

interface Place {
  readonly file: string;
  readonly index: number;
  readonly document?: DocumentText;
  readonly within: FieldPath;
}

function parsed(text: string, json: boolean): DocumentValue {
  if (json) {
    try {
      return parseJson(text);
    } catch {
      // Flow collections of YAML look like JSON, and YAML says better what is wrong.
    }
  }
  return parseYaml(text);
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

function isTextMap(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(text => typeof text === 'string');
}

/** Whether a value does not even look like an object of Kubernetes: values of a chart, a Kustomization. */
function isForeign(value: unknown): boolean {
  const { apiVersion, kind, metadata } = value as { readonly [field: string]: unknown };
  return typeof apiVersion !== 'string' || typeof kind !== 'string' || isAbsent(metadata);
}

/** What keeps a value from being an object of Kubernetes. */
function objectProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return 'is no object; write apiVersion, kind and metadata';
  const { apiVersion, kind, metadata, items } = value as { [field: string]: unknown };
  for (const [field, text] of Object.entries({ apiVersion, kind })) {
    if (typeof text !== 'string' || text === '') return `has ${text === undefined || text === '' ? `no ${field}` : `${JSON.stringify(text)} as ${field}`}; write a text, such as ${field === 'kind' ? 'VirtualService' : 'networking.istio.io/v1'}`;
  }
  if ((kind as string).endsWith('List') && Array.isArray(items)) return undefined;
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) return `of kind ${String(kind)} has no metadata; write metadata with a name`;
  const { name, namespace, labels, annotations, generateName } = metadata as { [field: string]: unknown };
  const named = `of kind ${String(kind)}`;
  if (typeof name !== 'string' && !(name === undefined && typeof generateName === 'string')) return `${named} has ${name === undefined ? 'no metadata.name' : `${JSON.stringify(name)} as metadata.name`}; write a text, in quotes where it could be a number`;
  if (!isAbsent(namespace) && typeof namespace !== 'string') return `${named} has ${JSON.stringify(namespace)} as metadata.namespace; write a text, in quotes where it could be a number`;
  for (const [field, map] of Object.entries({ labels, annotations })) {
    if (!isAbsent(map) && !isTextMap(map)) return `${named} (${String(name)}) has values in metadata.${field} that are no texts; put them in quotes`;
  }
  return undefined;
}

/** Gives objects from memory the default namespace, and unfolds Lists. */
export function manifestsFrom(values: readonly unknown[], options: LoadOptions = {}): LoadedManifests {
  const collector = new Collector(options);
  values.forEach((value, index) => collector.addValue(value, { file: `object ${index + 1}`, index, within: [] }));
  return { objects: collector.objects, problems: collector.problems, notes: collector.notes() };
}

/** Reads the objects of a text, YAML or JSON; `file` stands for it in messages. */
export function parseManifests(text: string, options: LoadOptions & { readonly file?: string } = {}): LoadedManifests {
  const collector = new Collector(options);
  collector.addText(options.file ?? 'stdin', text);
  return { objects: collector.objects, problems: collector.problems, notes: collector.notes() };
}

/** Reads the objects of files and folders; folders with all that is in them. What cannot be read is a problem, and costs nothing else. */
export function loadManifests(paths: readonly string[], options: LoadOptions = {}): LoadedManifests {
  const finder = new FileFinder();
  for (const path of paths) finder.add(path);
  const collector = new Collector(options);
  for (const file of finder.files) {
    try {
      const bytes = readFileSync(file);
      if (isUtf8(bytes)) collector.addText(file, bytes.toString('utf8'));
      else collector.problems.push({ file, message: 'the file is not in UTF-8; save it so' });
    } catch (e) {
      collector.problems.push({ file, message: failure(e) });
    }
  }
  return { objects: collector.objects, problems: [...finder.problems, ...collector.problems], notes: collector.notes() };
}
