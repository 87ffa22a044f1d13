#!/usr/bin/env node
import { FAILED, runCommandLine } from './command-line';
import { optimizeLate } from './late-optimization';
import { Terminal } from './terminal';

const terminal = new Terminal(process.stdout, process.stderr, process.env);
let isUnwritten = false;
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    // A reader that closes the pipe, such as `head`, is not a failure: the rest is not written, and the exit code stays the command's.
    if (code === 'EPIPE') return;
    if (!isUnwritten && stream === process.stdout) terminal.fail(`the result cannot be written (${code ?? message})`);
    isUnwritten = true;
    process.exitCode = FAILED;
  });
}
optimizeLate(process.env);
// process.exit() would drop output that a pipe has not taken yet, so only the exit code is set.
void runCommandLine(process.argv.slice(2), terminal).then(code => { process.exitCode = isUnwritten ? FAILED : code; });
