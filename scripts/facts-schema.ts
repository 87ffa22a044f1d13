// Writes schemas/cluster-facts.json: the JSON Schema of files of cluster facts, for editors.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FACTS_SCHEMA } from '../src/cluster/facts-schema';

const FILE = join(__dirname, '../schemas/cluster-facts.json');

export function schemaSource(): string {
  return `${JSON.stringify(
    { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'Cluster facts of cdk8s-istio', ...FACTS_SCHEMA },
    undefined,
    2,
  )}\n`;
}

if (require.main === module) writeFileSync(FILE, schemaSource());
