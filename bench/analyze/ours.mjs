// Analyzes files, as a process of its own: what a command-line tool would do.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const library = join(dirname(fileURLToPath(import.meta.url)), '../../lib/src');
const load = createRequire(import.meta.url);
const { loadManifests } = load(join(library, 'manifest/loader.js'));
const { analyze, describeFinding } = load(join(library, 'analysis/index.js'));

const { objects, problems } = loadManifests(process.argv.slice(2));
const findings = analyze(objects);
for (const finding of findings) console.log(describeFinding(finding));
if (process.env.BENCH_PEAK) console.error(JSON.stringify({ objects: objects.length, problems: problems.length, mb: process.resourceUsage().maxRSS / 1024 }));
