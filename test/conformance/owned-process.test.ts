import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const SOURCE = join(__dirname, '../../conformance/owned-process.ts');
const ROOT = join(__dirname, '../..');
const COMMAND = 'echo $$ > started; mv started pid; while :; do sleep 1; done';

/** Starts a program that owns a process, and returns the folder of that process. */
async function program(): Promise<{ child: ReturnType<typeof spawn>; folder: string }> {
  const code = `
    const { OwnedProcess } = require(${JSON.stringify(SOURCE)});
    console.log(new OwnedProcess('owned', () => ['sh', '-c', ${JSON.stringify(COMMAND)}]).folder);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', code], { cwd: ROOT });
  const folder = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', data => resolve(String(data).trim()));
    child.once('exit', exit => reject(new Error(`the program ended with ${exit}`)));
  });
  return { child, folder };
}

async function eventually(isTrue: () => boolean): Promise<boolean> {
  for (let left = 200; left > 0 && !isTrue(); left--) await sleep(50);
  return isTrue();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('a process and its folder end with the program that %s ends', async signal => {
  const { child, folder } = await program();
  const file = join(folder, 'pid');
  expect(await eventually(() => existsSync(file))).toBe(true);
  const pid = Number(readFileSync(file, 'utf8'));
  expect(isAlive(pid)).toBe(true);
  child.kill(signal);
  expect(await eventually(() => !isAlive(pid))).toBe(true);
  expect(await eventually(() => !existsSync(folder))).toBe(true);
}, 60_000);
