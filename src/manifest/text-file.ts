import { isUtf8 } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import type { ManifestProblem } from './manifest-problem';

/** Why bytes are not text, with the line. */
type TextProblem = Pick<ManifestProblem, 'line' | 'message' | 'repair'>;

/** A rejected file. */
export class RefusedText extends Error {
  constructor(public readonly problem: TextProblem) {
    super(problem.message);
  }
}

/** The maximum size of a file, in bytes. A device or a pipe may never end. */
export const LARGEST_TEXT = 256 * 1024 * 1024;
const CHUNK = 1024 * 1024;

/** Collects the bytes of a file. A null byte, which manifests never hold, ends devices and binary files early. */
export class TextBytes {
  private readonly chunks: Buffer[] = [];
  private size = 0;

  /** @throws RefusedText */
  public add(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    if (this.size > LARGEST_TEXT) {
      throw new RefusedText({ message: `it has more than ${LARGEST_TEXT / 1024 / 1024} MB`, repair: 'split it into several files' });
    }
    if (chunk.includes(0)) decodeText(Buffer.concat(this.chunks));
  }

  /** @throws RefusedText */
  public text(): string {
    return decodeText(Buffer.concat(this.chunks));
  }
}

/** Decodes bytes. @throws RefusedText with the invalid line */
export function decodeText(bytes: Buffer): string {
  if (isUtf16(bytes)) throw new RefusedText({ line: 1, message: 'it is in UTF-16', repair: 'save it in UTF-8' });
  const nullByte = bytes.indexOf(0);
  if (nullByte >= 0) {
    const message = 'it holds a null byte, which is neither YAML nor JSON';
    throw new RefusedText({ line: lineAt(bytes, nullByte), message, repair: 'name a text file' });
  }
  if (!isUtf8(bytes)) throw new RefusedText({ line: firstBadLine(bytes), message: 'it is not in UTF-8', repair: 'save it in UTF-8' });
  return bytes.toString('utf8');
}

/** Reads a file, a pipe or a device to its end. @throws RefusedText, or the error of the system */
export function readText(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = new TextBytes();
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK);
      const length = readSync(file, chunk);
      if (length === 0) return bytes.text();
      bytes.add(chunk.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}

function isUtf16(bytes: Buffer): boolean {
  return bytes.length >= 2 && ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff));
}

function lineAt(bytes: Buffer, position: number): number {
  let line = 1;
  for (let at = bytes.indexOf(10); at >= 0 && at < position; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}

function firstBadLine(bytes: Buffer): number {
  let begin = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf(10, begin);
    if (!isUtf8(bytes.subarray(begin, end < 0 ? bytes.length : end))) return line;
    if (end < 0) return line;
    begin = end + 1;
  }
}
