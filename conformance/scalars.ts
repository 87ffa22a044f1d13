import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from './istiod/client';

/** YAML strings with the value that Kubernetes reads; no value if it rejects them. */
export interface Scalar {
  readonly text: string;
  readonly value?: unknown;
}

const FILE = join(__dirname, 'kubernetes-scalars.json');

export function scalars(): Scalar[] {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Scalar[];
}

/** The values that Kubernetes reads differently than the table says. */
export async function scalarDrift(): Promise<string[]> {
  const table = scalars();
  const answers = await readYaml(table.map(({ text }) => ({ id: text, text })));
  return answers.flatMap((answer, i) => {
    const [is, stated] = [answer.error === undefined ? answer.value : undefined, table[i].value];
    return JSON.stringify(is) === JSON.stringify(stated)
      ? []
      : [`${JSON.stringify(table[i].text)}: Kubernetes reads ${JSON.stringify(is)}, the table says ${JSON.stringify(stated)}`];
  });
}
