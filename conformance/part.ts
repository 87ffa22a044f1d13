// Runs one part of a full run in a process of its own, and sends the result to the process that started it: `part.ts NAME SHARE`.
import { shareOf } from './amounts';
import { PARTS } from './parts';
import { Report } from './report';

async function main([name, share]: readonly string[]): Promise<void> {
  const part = PARTS.find(each => each.name === name);
  if (!part) throw new Error(`unknown part ${name}; use one of ${PARTS.map(each => each.name).join(', ')}`);
  if (!process.send) throw new Error('only a full run can start a part in a process of its own; use `npm run conformance -- PART`');
  // An interrupted run leaves nothing behind.
  process.once('disconnect', () => process.exit(1));
  process.channel!.unref();
  const report = new Report();
  await report.part(name, () => part.judge(report, shareOf(Number(share))));
  process.send(report.result);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
