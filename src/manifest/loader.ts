import type { LoadedManifests, LoadOptions } from './collector';
import { Collector } from './collector';
import type { DocumentValue } from './document';
import { readDocument } from './document';
import { lineInDocument } from './document-lines';
import type { DocumentText } from './document-text';
import { splitDocuments } from './document-text';
import { FileFinder, fileProblem } from './file-finder';
import { isTemplate } from './helm-template';
import { hasStatements, mayHoldObject } from './object-signs';
import type { FieldPath } from './provenance';
import { readText } from './text-file';

const FOREIGN = {
  message: 'the file holds no Kubernetes object: it lacks apiVersion and kind', repair: 'write both if it is a manifest', foreign: true,
};
const TEMPLATE = { message: 'the file is a template', repair: 'render it, for example with helm template', foreign: true, template: true };

/** Collects the objects of files. */
class TextCollector extends Collector {
  public addText(file: string, text: string): void {
    const documents = splitDocuments(text);
    const values = documents.map(document => this.read(document));
    const template = documents.findIndex((document, i) => !document.json && isTemplate(document.text, values[i]));
    if (template >= 0) {
      this.problems.push({ file, line: documents[template].firstLine, ...TEMPLATE });
      return;
    }
    const broken = documents.filter((document, i) => values[i].problems.length > 0 || document.problems);
    const statements = broken.find(document => hasStatements(document.text));
    if (statements) {
      this.problems.push({ file, line: statements.firstLine, ...TEMPLATE });
      return;
    }
    if (broken.length > 0 && !mayHoldObject(text) && !isCutOff(text, values)) {
      this.problems.push({ file, line: 1, ...FOREIGN });
      return;
    }
    const [objects, problems] = [this.objects.length, this.problems.length];
    documents.forEach((document, index) => this.addDocument(file, document, values[index], index));
    // A document that is not a Kubernetes object belongs to another tool only if the whole file holds no object.
    const found = this.problems.splice(problems);
    if (this.objects.length > objects) this.problems.push(...found.map(({ foreign: _, ...problem }) => problem));
    else this.problems.push(...found.every(({ foreign }) => foreign) ? found.slice(0, 1) : found);
  }

  private addDocument(file: string, { firstLine, problems = [] }: DocumentText, value: DocumentValue, index: number): void {
    const { values, problems: found, nodes } = value;
    const lineOf = (path: FieldPath) => firstLine - 1 + lineInDocument(nodes, path);
    for (const { line, ...problem } of [...problems, ...found]) {
      this.problems.push({ file, line: line === undefined ? lineOf([]) : firstLine + line - 1, ...problem });
    }
    for (const each of values) this.addValue(each, { file, index, lineOf, within: [] });
  }

  private read(document: DocumentText): DocumentValue {
    const known = this.options.known?.get(document.text);
    if (known) return known;
    const value = readDocument(document);
    this.options.known?.set(document.text, value);
    return value;
  }
}

/** Whether the end of a file is missing, and with it perhaps the fields that show an object. */
function isCutOff(text: string, values: readonly DocumentValue[]): boolean {
  const endsEarly = ({ message }: { readonly message: string }) => message.includes('unexpected end of the stream');
  return !/[}\]]\s*$/.test(text) && values.some(({ problems }) => problems.some(endsEarly));
}

/** Reads the objects of YAML or JSON. `file` is its name in messages. */
export function parseManifests(text: string, options: LoadOptions & { readonly file?: string } = {}): LoadedManifests {
  const collector = new TextCollector(options);
  collector.addText(options.file ?? 'stdin', text);
  return collector.loaded;
}

/** Reads the objects of files, and of folders recursively. A file that cannot be read is a problem, and the others are still read. */
export function loadManifests(paths: readonly string[], options: LoadOptions = {}): LoadedManifests {
  const finder = new FileFinder();
  for (const path of paths) finder.add(path);
  const collector = new TextCollector(options);
  for (const file of finder.files) {
    try {
      collector.addText(file, readText(file));
    } catch (e) {
      collector.problems.push({ file, ...fileProblem(e) });
    }
  }
  const { loaded } = collector;
  return { ...loaded, problems: [...finder.problems, ...loaded.problems] };
}
