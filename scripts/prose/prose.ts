import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as ts from 'typescript';
import { REMOVED_PHRASES } from './phrases';

const ROOT = join(__dirname, '../..');
const FOLDERS = ['docs', 'src', 'test', 'examples', 'bench', 'scripts', 'conformance', 'projenrc'];
/** The phrases themselves, files from elsewhere, and files that are generated from checked ones. */
const SKIPPED =
  /(^|\/)(node_modules|\.cache|expected|goldens|fixtures|crds)\/|^(scripts\/prose\/phrases\.ts|docs\/glossary\.md|API\.md)$|\.generated\.ts$/;

/** A piece of prose and where it starts in its file. */
interface Piece {
  readonly start: number;
  readonly text: string;
}

/** The prose of a TypeScript file: comments, and strings of several words. */
function proseOfSource(file: string, text: string): Piece[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const pieces = new Map<number, string>();
  const visit = (node: ts.Node): void => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) pieces.set(pos, text.slice(pos, end));
    for (const { pos, end } of ts.getTrailingCommentRanges(text, node.getEnd()) ?? []) pieces.set(pos, text.slice(pos, end));
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) {
      const literal = text.slice(node.getStart(source), node.getEnd());
      if (literal.includes(' ')) pieces.set(node.getStart(source), literal);
    }
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return [...pieces].map(([start, piece]) => ({ start, text: piece }));
}

/** The prose of a Markdown page: everything except code and kept records. The `text` blocks hold messages of the sources. */
function proseOfPage(text: string): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const block of text.matchAll(/^```[\s\S]*?^```$|<!-- the last full run:[\s\S]*?<!-- end of the last full run -->/gm)) {
    pieces.push({ start, text: text.slice(start, block.index) });
    start = block.index + block[0].length;
  }
  return [...pieces, { start, text: text.slice(start) }].map(
    piece => ({ ...piece, text: piece.text.replace(/`[^`\n]*`/g, code => ' '.repeat(code.length)) }),
  );
}

const PHRASES = REMOVED_PHRASES.map(({ phrase, write }) => ({
  // A phrase may continue after the comment marker of the next line.
  pattern: new RegExp(`(?<![\\w-])(?:${phrase.replace(/ /g, '\\s+(?:(?:\\*|//)\\s+)?')})(?![\\w-])`, 'g'), write,
}));

/** The removed phrases in a file, one per line. */
export function removedPhrases(file: string, text: string): string[] {
  const pieces = file.endsWith('.md') ? proseOfPage(text) : proseOfSource(file, text);
  return pieces.flatMap(piece => PHRASES.flatMap(({ pattern, write }) => [...piece.text.matchAll(pattern)].map(({ 0: found, index }) => {
    const line = text.slice(0, piece.start + index).split('\n').length;
    return `${file}:${line} "${found.replace(/\s+(?:[*/]+\s+)?/g, ' ')}": write "${write}"`;
  })));
}

function files(): string[] {
  const inFolders = FOLDERS.flatMap(folder =>
    (readdirSync(join(ROOT, folder), { recursive: true }) as string[]).map(file => join(folder, file)),
  );
  return [...readdirSync(ROOT), ...inFolders].map(file => file.replace(/\\/g, '/'))
    .filter(file => /\.(md|ts|mjs)$/.test(file) && !SKIPPED.test(file)).sort();
}

function main(): void {
  const found = files().flatMap(file => removedPhrases(relative(ROOT, join(ROOT, file)), readFileSync(join(ROOT, file), 'utf8')));
  for (const line of found) console.error(line);
  if (found.length > 0) process.exitCode = 1;
}

if (require.main === module) main();
