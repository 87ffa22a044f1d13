import type { InvariantFields, InvariantsFields } from './invariant';
import { INVARIANTS_SCHEMA } from './invariants-schema';
import { statementProblem } from './statement-problem';
import { readDocument } from '../manifest/document';
import { lineInDocument } from '../manifest/document-lines';
import { splitDocuments } from '../manifest/document-text';
import { fileProblem } from '../manifest/file-finder';
import { describeProblem } from '../manifest/manifest-problem';
import { pathText } from '../manifest/provenance';
import { readText } from '../manifest/text-file';
import type { ValueProblem } from '../manifest/value-problem';
import { valueProblem } from '../manifest/value-problem';

/** An invariant, and the place that states it. */
export interface Invariant extends InvariantFields {
  readonly file?: string;
  readonly line?: number;
}

/** Invariants that cannot be read. */
export class RefusedInvariants extends Error {}

/** What keeps a value from being invariants. */
function problemOf(value: unknown): ValueProblem | undefined {
  return valueProblem(INVARIANTS_SCHEMA, value) ?? statementProblem(value as InvariantsFields);
}

function describe({ path, message }: ValueProblem): string {
  return `${path.length === 0 ? 'the document' : pathText(path)} ${message}`;
}

/** Invariants that a program states; `place` names them in errors. */
export function statedInvariants(invariants: readonly InvariantFields[], place: string): readonly Invariant[] {
  const problem = problemOf({ invariants });
  if (problem) throw new RefusedInvariants(`${place}: ${describe({ ...problem, path: problem.path.slice(2) })}`);
  return invariants;
}

/** Reads a file of invariants. */
export function loadInvariants(file: string): readonly Invariant[] {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    throw new RefusedInvariants(describeProblem({ file, ...fileProblem(error) }));
  }
  return parseInvariants(text, file);
}

/** Reads the documents of a file: each states invariants. */
export function parseInvariants(text: string, file: string): readonly Invariant[] {
  const found: Invariant[] = [];
  for (const document of splitDocuments(text)) {
    const { values, problems: [problem], nodes } = readDocument(document);
    const broken = problem ?? document.problems?.[0];
    if (broken) {
      const { line: at, ...told } = broken;
      throw new RefusedInvariants(describeProblem({ file, line: document.firstLine + (at ?? 1) - 1, ...told }));
    }
    const lineOf = (path: ValueProblem['path']) => document.firstLine - 1 + lineInDocument(nodes, path);
    for (const value of values.filter(stated => stated !== null && stated !== undefined)) {
      const refused = problemOf(value);
      if (refused) throw new RefusedInvariants(`${file}:${lineOf(refused.path)}: ${describe(refused)}`);
      for (const [i, invariant] of (value as InvariantsFields).invariants.entries()) {
        const first = found.find(({ name }) => name === invariant.name);
        const line = lineOf(['invariants', i]);
        if (first) {
          throw new RefusedInvariants(`${file}:${line}: '${invariant.name}' is the name of line ${first.line} too; use another name`);
        }
        found.push({ ...invariant, file, line });
      }
    }
  }
  if (found.length === 0) throw new RefusedInvariants(`${file} has no invariants; add at least one`);
  return found;
}
