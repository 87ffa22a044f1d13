// Writes schemas: the JSON Schemas of the files that users write, for editors.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FACTS_SCHEMA } from '../src/cluster/facts-schema';
import { INVARIANTS_SCHEMA } from '../src/invariants/invariants-schema';
import type { ValueSchema } from '../src/manifest/value-schema';

/** The schemas by the names of their files. */
export const SCHEMAS = {
  'cluster-facts.json': schemaText('Cluster facts of cdk8s-istio', FACTS_SCHEMA),
  'invariants.json': schemaText('Invariants of cdk8s-istio', INVARIANTS_SCHEMA),
} as const;

function schemaText(title: string, schema: ValueSchema): string {
  return `${JSON.stringify({ $schema: 'https://json-schema.org/draft/2020-12/schema', title, ...schema }, undefined, 2)}\n`;
}

if (require.main === module) {
  for (const [file, text] of Object.entries(SCHEMAS)) writeFileSync(join(__dirname, '../schemas', file), text);
}
