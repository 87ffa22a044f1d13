import { readFileSync } from 'node:fs';
import type { Suppression } from './suppression';
import { suppressionProblem } from './suppression';
import { parseYaml } from '../manifest/document';

/** Reads suppressions from a text of YAML: `suppressions: [{ rule, resource, reason }]`. */
export function parseSuppressions(text: string, file: string): Suppression[] {
  const { values: [value], problems: [problem] } = parseYaml(text);
  if (problem) throw new Error(`${file}${problem.line === undefined ? '' : `:${problem.line}`}: ${problem.message}`);
  const { suppressions, ...others } = (value ?? {}) as { suppressions?: unknown };
  const other = Object.keys(others)[0];
  if (other !== undefined) throw new Error(`${file}: ${other} is no field of it; write 'suppressions', a list`);
  if (suppressions === undefined || suppressions === null) return [];
  if (!Array.isArray(suppressions)) throw new Error(`${file}: suppressions is no list; write one item for each, with rule, resource and reason`);
  suppressions.forEach((suppression, i) => {
    const wrong = suppressionProblem(`suppressions[${i}]`, suppression);
    if (wrong !== undefined) throw new Error(`${file}: ${wrong}`);
  });
  return suppressions as Suppression[];
}

export function loadSuppressions(file: string): Suppression[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (e) {
    throw new Error(`${file}: the suppressions cannot be read: ${(e as Error).message}; name a file that is there`);
  }
  return parseSuppressions(text, file);
}
