// Writes docs/coverage.md: every field of Istio's CRDs, and the prop that sets it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { document } from '../conformance/fields/table';

writeFileSync(join(__dirname, '../docs/coverage.md'), document());
