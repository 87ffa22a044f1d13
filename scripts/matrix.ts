// Writes docs/matrix.md: what every pair of constructs on one service comes to.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { document } from '../test/composition/matrix';

writeFileSync(join(__dirname, '../docs/matrix.md'), document());
