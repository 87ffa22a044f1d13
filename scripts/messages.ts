// Writes src/analysis/envoy-messages.generated.ts: the messages and fields that istiod accepts in an EnvoyFilter.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messagesSource } from '../conformance/analysis/envoy-messages';

messagesSource().then(source => writeFileSync(join(__dirname, '../src/analysis/envoy-messages.generated.ts'), source), (error: unknown) => {
  console.error(`messages: ${(error as Error).message}`);
  process.exitCode = 1;
});
