import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and the missing ones above it, and adds them to `made`. The `recursive` option of Node's mkdirSync() never returns for a
 * folder below /proc.
 */
export function makeFolder(folder: string, made: string[] = []): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder), made);
  mkdirSync(folder);
  made.push(folder);
}
