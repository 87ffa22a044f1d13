#!/usr/bin/env node
import { FAILED, runCommandLine } from './command-line';
import { optimizeLate } from './late-optimization';
import { Terminal } from './terminal';

const terminal = new Terminal(process.stdout, process.stderr, process.env);
let isUnwritten = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader that goes away, such as `head`, is no error: the rest is not written, and the exit code stays the command's.
    if (code === 'EPIPE') return;
    if (!isUnwritten && stream === process.stdout) terminal.fail(`the result cannot be written (${code ?? message})`);
    isUnwritten = true;
    process.exitCode = FAILED;
  });
}
optimizeLate(process.env);
// The exit code is set, not called: what is written to a pipe has to get there first.
void runCommandLine(process.argv.slice(2), terminal).then(code => { process.exitCode = isUnwritten ? FAILED : code; });
