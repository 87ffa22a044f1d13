// Runs one part of a full run, and writes its result to a file: `part.ts NAME SHARE FILE`.
import { writeFileSync } from 'node:fs';
import { shareOf } from './amounts';
import { PARTS } from './parts';
import { Report } from './report';

async function main([name, share, file]: readonly string[]): Promise<void> {
  const report = new Report();
  const { judge } = PARTS.find(part => part.name === name)!;
  await report.part(name, () => judge(report, shareOf(Number(share))));
  writeFileSync(file, JSON.stringify(report.result));
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
