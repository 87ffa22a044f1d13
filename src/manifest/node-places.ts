import { loadAll } from 'js-yaml';
import { KUBERNETES_SCHEMA } from './kubernetes-schema';
import { NodeRecorder } from './node-recorder';
import type { FieldPath } from './provenance';
import { behindSpace, contentStart, lineBreaks } from './text-scan';

const PROPERTY = /[&!][^\s,[\]{}]*/y;
/** A key that needs no quotes, unless it is a word such as `true`. */
const LITERAL = /^[A-Za-z][\w.-]*$/;
const WORD = /^(?:y|n|yes|no|on|off|true|false|null)$/i;

/** A document with the places of its nodes: its content, its value, and the record of its parser. */
export interface DocumentNodes {
  readonly text: string;
  readonly value: unknown;
  /** JSON is parsed without a record, and parsed again when a place is needed. */
  readonly recorder?: NodeRecorder;
}

/** A scalar, and whether it is in a flow collection. */
export interface ScalarPlace {
  readonly begin: number;
  readonly end: number;
  readonly isInFlow: boolean;
}

function recordOf({ text, recorder }: DocumentNodes): Int32Array {
  if (recorder) return recorder.events;
  const later = new NodeRecorder();
  try {
    loadAll(text, undefined, { schema: KUBERNETES_SCHEMA, json: true, listener: later.listener });
  } catch {
    // Some JSON is not YAML: the colon of a key may be in the next line.
    return new Int32Array();
  }
  return later.events;
}

/** The target of a step in a path: where it is named, its node and its value. */
interface Step {
  readonly line: number;
  readonly node?: number;
  readonly value?: unknown;
}

/** The places of the nodes of a document. They are sorted by their start, and the parts of a node follow it. */
export class NodePlaces {
  private readonly text: string;
  private readonly root: unknown;
  private readonly starts: number[] = [];
  private readonly lines: number[] = [];
  private readonly ends: number[] = [];
  /** The first node after all parts of a node. */
  private readonly next: number[] = [];

  public constructor(nodes: DocumentNodes) {
    this.text = nodes.text;
    this.root = nodes.value;
    const events = recordOf(nodes);
    const open: number[] = [];
    for (let i = 0; i < events.length; i++) {
      if (events[i] >= 0) {
        open.push(this.starts.length);
        this.starts.push(events[i]);
        this.lines.push(events[++i]);
      } else {
        const node = open.pop()!;
        this.ends[node] = -1 - events[i];
        this.next[node] = this.starts.length;
      }
    }
  }

  public lineOf(path: FieldPath): number {
    if (this.next.length === 0) return 1 + lineBreaks(this.text, 0, contentStart(this.text));
    let step: Step = { line: this.contentLine(0), node: 0, value: this.root };
    for (const name of path) {
      const { node, value } = step;
      if (node === undefined || typeof value !== 'object' || value === null) break;
      const found = Array.isArray(value) ? this.item(node, value, Number(name)) : this.field(node, value, String(name));
      if (found === undefined) break;
      step = found;
    }
    return step.line;
  }

  public get secondRootLine(): number {
    const second = this.next[0];
    return second === undefined || second >= this.starts.length ? 1 : this.contentLine(second);
  }

  /** All written scalars. */
  public get scalars(): ScalarPlace[] {
    const scalars: ScalarPlace[] = [];
    let flowEnd = 0;
    for (let node = 0; node < this.starts.length; node++) {
      const begin = this.contentStart(node);
      const isFlow = '{['.includes(this.text[begin] ?? 'none') && begin < this.ends[node];
      const isInFlow = node < flowEnd;
      if (isFlow) flowEnd = Math.max(flowEnd, this.next[node]);
      else if (this.next[node] === node + 1) scalars.push({ begin, end: this.trimmedEnd(begin, node), isInFlow });
    }
    return scalars.filter(({ begin, end }) => begin < end);
  }

  private trimmedEnd(begin: number, node: number): number {
    return begin + this.text.slice(begin, this.ends[node]).trimEnd().length;
  }

  /** All outermost flow collections. */
  public get flowCollections(): readonly { readonly begin: number; readonly end: number }[] {
    const flow: { readonly begin: number; readonly end: number }[] = [];
    for (let node = 0; node < this.starts.length; node++) {
      const begin = this.contentStart(node);
      if (begin < this.ends[node] && '{['.includes(this.text[begin])) {
        flow.push({ begin, end: this.ends[node] });
        node = this.next[node] - 1;
      }
    }
    return flow;
  }

  /**
   * The parts of a list or an object. A node that could be the first key of an object is first recorded as one, and is then its own only
   * part.
   */
  private partsOf(node: number): number[] {
    const parts: number[] = [];
    for (let part = node + 1; part < this.next[node]; part = this.next[part]) parts.push(part);
    return parts.length === 1 && this.starts[parts[0]] === this.contentStart(node) ? this.partsOf(parts[0]) : parts;
  }

  private field(node: number, object: object, name: string): Step | undefined {
    const parts = this.partsOf(node);
    let found: Step | undefined;
    for (let i = 0; i < parts.length; i++) {
      const key = parts[i];
      const hasValue = this.hasValue(key);
      // The last value of a duplicated key counts.
      if (this.isNamed(key, name)) {
        const value = (object as { readonly [key: string]: unknown })[name];
        found = { line: this.contentLine(key), ...(hasValue && { node: parts[i + 1], value }) };
      }
      if (hasValue) i++;
    }
    return found;
  }

  private item(node: number, list: readonly unknown[], position: number): Step | undefined {
    if (!(position < list.length)) return undefined;
    const parts = this.partsOf(node);
    let next = 0;
    let end = this.contentStart(node);
    for (let i = 0; ; i++) {
      const part = parts[next];
      // The parser does not report empty items.
      const dash = list[i] === null ? this.emptyItem(end, part) : undefined;
      // A key with a value, as in `[a: 1]`, is also an item.
      const isPair = dash === undefined && this.hasValue(part);
      if (i === position) {
        if (dash !== undefined) return { line: 1 + this.lines[node] + lineBreaks(this.text, this.starts[node], dash) };
        return { line: this.contentLine(part), ...(!isPair && { node: part, value: list[i] }) };
      }
      if (dash === undefined) next += isPair ? 2 : 1;
      end = dash === undefined ? this.ends[parts[next - 1]] : dash + 1;
    }
  }

  private isNamed(key: number, name: string): boolean {
    const [start, end] = [this.starts[key], this.ends[key]];
    if (end - start === name.length && this.text.startsWith(name, start)) return true;
    const written = this.text.slice(this.contentStart(key), end).trim();
    if (written === name) return true;
    if (LITERAL.test(written) && !WORD.test(written)) return false;
    try {
      return String(loadAll(written, undefined, { schema: KUBERNETES_SCHEMA })[0]) === name;
    } catch {
      return false; // An alias, whose anchor is elsewhere.
    }
  }

  /** The dash of an empty item after a position. Undefined if the next part is the item. */
  private emptyItem(from: number, next: number | undefined): number | undefined {
    const dash = behindSpace(this.text, from);
    if (this.text[dash] !== '-') return undefined;
    return next === undefined || this.starts[next] > behindSpace(this.text, dash + 1) ? dash : undefined;
  }

  private hasValue(key: number): boolean {
    const end = this.ends[key];
    return this.text[end] === ':' || this.text[behindSpace(this.text, end)] === ':';
  }

  /** Where a node starts, after its anchor and its tag. */
  private contentStart(node: number): number {
    let start = behindSpace(this.text, this.starts[node]);
    for (let end = behindProperty(this.text, start); end > start; end = behindProperty(this.text, start)) {
      start = behindSpace(this.text, end);
    }
    return start;
  }

  /** The line in which a node starts, from 1. */
  private contentLine(node: number): number {
    const [start, content] = [this.starts[node], this.contentStart(node)];
    return 1 + this.lines[node] + (content === start ? 0 : lineBreaks(this.text, start, content));
  }
}

function behindProperty(text: string, from: number): number {
  PROPERTY.lastIndex = from;
  return PROPERTY.test(text) ? PROPERTY.lastIndex : from;
}
