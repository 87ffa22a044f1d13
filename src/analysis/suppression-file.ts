import { RefusedSuppressions } from './refused-suppressions';
import type { Suppression } from './suppression';
import { suppressionProblem } from './suppression';
import { parseYaml } from '../manifest/document';
import { fileProblem } from '../manifest/file-finder';
import { describeProblem } from '../manifest/manifest-problem';
import { readText } from '../manifest/text-file';

/** Reads suppressions from a YAML text: `suppressions: [{ rule, resource, reason }]`; throws RefusedSuppressions. */
export function parseSuppressions(text: string, file: string): Suppression[] {
  const { values: [value, ...documents], problems: [problem] } = parseYaml(text);
  if (problem) throw new RefusedSuppressions(describeProblem({ file, ...problem }));
  if (documents.length > 0) throw new RefusedSuppressions(`${file} has several documents; write one, with all suppressions`);
  if (typeof (value ?? {}) !== 'object' || Array.isArray(value)) {
    throw new RefusedSuppressions(`${file} is not an object; write 'suppressions', a list`);
  }
  const { suppressions, ...others } = (value ?? {}) as { suppressions?: unknown };
  const other = Object.keys(others)[0];
  if (other !== undefined) throw new RefusedSuppressions(`${file}: ${other} is an unknown field; write 'suppressions', a list`);
  if (suppressions === undefined || suppressions === null) return [];
  if (!Array.isArray(suppressions)) {
    throw new RefusedSuppressions(`${file}: suppressions is not a list; write one item per suppression, with rule, resource and reason`);
  }
  suppressions.forEach((suppression, i) => {
    const wrong = suppressionProblem(`suppressions[${i}]`, suppression);
    if (wrong !== undefined) throw new RefusedSuppressions(`${file}: ${wrong}`);
  });
  return suppressions as Suppression[];
}

export function loadSuppressions(file: string): Suppression[] {
  let text: string;
  try {
    text = readText(file);
  } catch (e) {
    throw new RefusedSuppressions(describeProblem({ file, ...fileProblem(e) }));
  }
  return parseSuppressions(text, file);
}
