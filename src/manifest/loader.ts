import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { LoadedManifests, LoadOptions } from './collector';
import { Collector } from './collector';
import type { DocumentValue } from './document';
import { parseJson, parseYaml } from './document';
import type { DocumentText } from './document-text';
import { contentLine, splitDocuments, splitJson } from './document-text';
import type { ManifestProblem } from './manifest-problem';

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
      this.problems.push({ file: path, ...failure(e) });
    }
  }

  private addFolder(path: string): void {
    for (const name of readdirSync(path).sort()) {
      if (!name.startsWith('.') && name !== 'node_modules') this.add(join(path, name), false);
    }
  }
}

function failure(e: unknown): Pick<ManifestProblem, 'message' | 'repair'> {
  const { code, message } = e as NodeJS.ErrnoException;
  if (code === 'ENOENT') return { message: 'there is no such file or folder', repair: 'name one that is there' };
  if (code === 'EACCES') return { message: 'it may not be read', repair: 'grant the right to' };
  return { message: `it cannot be read: ${message}`, repair: 'see to it that it can, or leave it out' };
}

/** Collects what stands in texts. */
class TextCollector extends Collector {
  public addText(file: string, text: string): void {
    const content = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    const json = /^\s*[{[]/.test(content.slice(0, 4096)) ? splitJson(content) : undefined;
    (json ?? splitDocuments(content)).forEach((document, index) => this.addDocument(file, document, index, json !== undefined));
  }

  private addDocument(file: string, document: DocumentText, index: number, json: boolean): void {
    const { values, problems } = this.parsed(document.text, json);
    for (const { line, message, repair } of problems) {
      this.problems.push({ file, line: line === undefined ? contentLine(document) : document.firstLine + line - 1, message, repair });
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

/** Reads the objects of a text, YAML or JSON; `file` stands for it in messages. */
export function parseManifests(text: string, options: LoadOptions & { readonly file?: string } = {}): LoadedManifests {
  const collector = new TextCollector(options);
  collector.addText(options.file ?? 'stdin', text);
  return collector.loaded;
}

/** Reads the objects of files and folders; folders with all that is in them. What cannot be read is a problem, and costs nothing else. */
export function loadManifests(paths: readonly string[], options: LoadOptions = {}): LoadedManifests {
  const finder = new FileFinder();
  for (const path of paths) finder.add(path);
  const collector = new TextCollector(options);
  for (const file of finder.files) {
    try {
      const bytes = readFileSync(file);
      if (isUtf8(bytes)) collector.addText(file, bytes.toString('utf8'));
      else collector.problems.push({ file, message: 'the file is not in UTF-8', repair: 'save it so' });
    } catch (e) {
      collector.problems.push({ file, ...failure(e) });
    }
  }
  const { loaded } = collector;
  return { ...loaded, problems: [...finder.problems, ...loaded.problems] };
}
