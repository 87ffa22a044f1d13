import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stream } from './streams';
import { stream } from './streams';
import type { KubernetesObject } from '../../src/manifest/kubernetes-object';
import { parseManifests } from '../../src/manifest/loader';
import { readStreams } from '../istiod/client';
import type { Report } from '../report';

/** The objects that the reader of Kubernetes finds in a stream, and the error that stops it. */
interface Read {
  readonly objects: readonly Partial<KubernetesObject>[];
  readonly stopped: string;
}

/** Streams that stop Kubernetes, but not our reader. Nothing is lost by it. */
const KNOWN: readonly { readonly stopped: RegExp; readonly text: RegExp; readonly reason: string }[] = [
  { stopped: /unmarshal string|cannot start any token/, text: /![ \t]*(\n|$)/, reason: 'js-yaml reads a tag without a value as null' },
  { stopped: /^json: offset/, text: /\}[ \t\r\n]*[^\s]{1,3}$/, reason: 'the decoder requires four bytes after a JSON object' },
  { stopped: /^invalid character/, text: /\}\s*null/, reason: 'a JSON stream may hold null between objects' },
  { stopped: /invalid map key/, text: /^\? *[{[]/m, reason: 'a key with ? and without a value' },
  { stopped: /cannot start any token/, text: /\t(null|~)|(null|~|\{\}|\[\])\s*\t/, reason: 'a tab next to an empty document' },
  {
    stopped: /expected alphabetic or numeric|^json: offset/,
    text: /&[\w-]*[^\w\s-]/,
    reason: 'anchors of YAML 1.2 allow other characters',
  },
];

/** Compares our reading of generated streams with that of Kubernetes. */
export async function judgeReading(report: Report, count: number): Promise<void> {
  report.add('Kubernetes reads streams of documents as our table says', await streamDrift(), `${streamCases().length} streams`);
  const streams = Array.from({ length: count }, (_, i) => stream(i + 1));
  const answers = await readStreams(streams);
  const stopped = answers.filter(answer => answer.error !== undefined || answer.stopped !== '').length;
  const usual = streams.filter(({ holds }) => holds).length;
  report.add(`we read ${count} generated streams as Kubernetes does, or report what it would lose`, streams.flatMap((each, i) => {
    const answer = answers[i];
    return differences(each, answer.error === undefined ? answer : { objects: [], stopped: answer.error });
  }), `it stops in ${stopped}, ${usual} are ordinary`);
}

function differences({ id, text, holds }: Stream, read: Read): string[] {
  const ours = parseManifests(text);
  const told = ours.problems.filter(({ foreign }) => !foreign);
  const tell = (what: string) => [`seed ${id}, ${JSON.stringify(text)}: ${what}`];
  const isSound = holds !== undefined && read.stopped === '' && setOf(read.objects) === setOf(holds);
  if (isSound && ours.problems.length > 0) return tell(`Kubernetes reads all of it, but we report ${ours.problems[0].message}`);
  if (told.length > 0) return [];
  if (read.stopped !== '') {
    const isForeign = ours.problems.length > 0 && ours.objects.length === 0;
    const isKnown = KNOWN.some(known => known.stopped.test(read.stopped) && known.text.test(text));
    return isForeign || isKnown ? [] : tell(`Kubernetes stops (${read.stopped}), but we report nothing`);
  }
  const objects = read.objects.filter(({ metadata }) => metadata !== undefined || ours.problems.length === 0);
  return setOf(objects) === setOf(ours.objects) ? [] : tell(`we read other objects: ${setOf(ours.objects)} instead of ${setOf(objects)}`);
}

/** Objects as one string, independent of their order and the order of their fields. A null in metadata counts as missing. */
function setOf(objects: readonly object[]): string {
  return objects.map(object => {
    const { metadata } = object as Partial<KubernetesObject>;
    const stated = metadata && Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null));
    return JSON.stringify(sorted(stated ? { ...object, metadata: stated } : object));
  }).sort().join();
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, sorted(part)]));
}

/** A stream with the names of the objects that Kubernetes reads in it, and whether it stops. */
export interface StreamCase {
  readonly text: string;
  readonly names: readonly string[];
  readonly stops: boolean;
}

export function streamCases(): StreamCase[] {
  return JSON.parse(readFileSync(join(__dirname, 'stream-table.json'), 'utf8')) as StreamCase[];
}

/** The streams that Kubernetes reads differently than the table says. */
export async function streamDrift(): Promise<string[]> {
  const table = streamCases();
  const answers = await readStreams(table.map(({ text }) => ({ id: text, text })));
  return answers.flatMap((answer, i) => {
    const { text, names, stops } = table[i];
    const read = answer.error === undefined ? answer : { objects: [], stopped: answer.error };
    const is = JSON.stringify({ names: read.objects.map(({ metadata }) => metadata?.name), stops: read.stopped !== '' });
    return is === JSON.stringify({ names, stops }) ? [] : [`${JSON.stringify(text)}: Kubernetes reads ${is}`];
  });
}
