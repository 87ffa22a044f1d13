import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Case } from './case';
import { questionOf } from './case';
import { describeDifference, differences } from './difference';
import type { Answer, Json, ProxyConfig } from './istiod/client';
import { translate } from './istiod/client';
import { normalize } from './normalize';

/** The folder of the kept answers. */
export const GOLDENS = join(__dirname, 'goldens');

/** The two files of a golden: the question, and the answer of istiod with one line per resource. */
export interface Golden {
  readonly input: string;
  readonly answer: { readonly [proxy: string]: Json };
}

export function readGolden(name: string): Golden | undefined {
  const folder = join(GOLDENS, name);
  if (!existsSync(folder)) return undefined;
  return { input: readFileSync(join(folder, 'input.yaml'), 'utf8'), answer: JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')) };
}

/**
 * A kept answer as a proxy takes it: without the tags of traces that lost their only source, which is metadata. Envoy refuses such tags.
 */
export function withSourcesOnly(answer: Json): Json {
  const isKept = (tag: Json) => Object.keys(tag).length > 1;
  return JSON.parse(JSON.stringify(answer, (field, value: Json) => (field === 'customTags' ? value.filter(isKept) : value)));
}

/** Asks istiod about every case, with the current manifests of the constructs. */
export async function ask(cases: readonly Case[], harness: 'light' | 'full' = 'light'): Promise<Map<string, Golden | string>> {
  const questions = cases.map(questionOf);
  const inputs = new Map(questions.map(({ id, manifests }) => [id, manifests]));
  const answers = await translate(questions, harness);
  const inbound = new Set(cases.filter(c => c.inbound).map(c => c.name));
  return new Map(answers.map(answer => [answer.id, goldenOf(inputs.get(answer.id)!, answer, inbound.has(answer.id))]));
}

function goldenOf(input: string, answer: Answer<{ proxies: ProxyConfig[] }>, inbound: boolean): Golden | string {
  if (answer.error !== undefined) return answer.error;
  return { input, answer: Object.fromEntries(answer.proxies.map(proxy => [proxy.name, normalize(proxy, inbound)])) };
}

/** Compares the current answers of istiod with the kept ones, one line per difference. */
export function drift(name: string, now: Golden | string): string[] {
  if (typeof now === 'string') return [`${name}: istiod rejects the case: ${now}`];
  const kept = readGolden(name);
  if (!kept) return [`${name}: no golden is kept; run \`npm run conformance -- goldens --write\` and review it`];
  const wrong = Object.keys(now.answer).flatMap(proxy =>
    differences(kept.answer[proxy], now.answer[proxy]).map(d => `${name}: ${proxy}: ${describeDifference(d)}`),
  );
  if (kept.input !== now.input) wrong.push(`${name}: the manifests of the constructs differ from those of the golden (input.yaml)`);
  return wrong;
}

/** Writes the answers, and removes goldens without a case. */
export function write(answers: ReadonlyMap<string, Golden | string>): void {
  const refused = [...answers].flatMap(([name, golden]) => (typeof golden === 'string' ? [`${name}: ${golden}`] : []));
  if (refused.length > 0) {
    throw new Error(`istiod rejects ${refused.length} of ${answers.size} cases, so nothing is written:\n${refused.join('\n')}`);
  }
  const made = `${GOLDENS}.new`;
  rmSync(made, { recursive: true, force: true });
  for (const [name, golden] of answers) {
    if (typeof golden === 'string') continue;
    mkdirSync(join(made, name), { recursive: true });
    writeFileSync(join(made, name, 'input.yaml'), golden.input);
    writeFileSync(join(made, name, 'answer.json'), lineByLine(golden.answer));
  }
  rmSync(GOLDENS, { recursive: true, force: true });
  renameSync(made, GOLDENS);
}

/** JSON with one line per resource, so a review shows which one changed. */
function lineByLine(answer: Golden['answer']): string {
  const list = (values: readonly Json[]) =>
    values.length === 0 ? '[]' : `[\n${values.map(v => `      ${JSON.stringify(v)}`).join(',\n')}\n    ]`;
  const proxies = Object.entries(answer).map(([proxy, parts]) => {
    const fields = Object.entries(parts as object).map(
      ([part, value]) => `    ${JSON.stringify(part)}: ${Array.isArray(value) ? list(value) : JSON.stringify(value)}`,
    );
    return `  ${JSON.stringify(proxy)}: {\n${fields.join(',\n')}\n  }`;
  });
  return `{\n${proxies.join(',\n')}\n}\n`;
}

/** Goldens without a case. */
export function orphans(cases: readonly Case[]): string[] {
  const known = new Set(cases.map(c => c.name));
  return existsSync(GOLDENS) ? readdirSync(GOLDENS).filter(name => !known.has(name)) : [];
}
