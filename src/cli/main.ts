#!/usr/bin/env node
import { runCommandLine } from './command-line';
import { optimizeLate } from './late-optimization';
import { Terminal } from './terminal';

// A reader that goes away, such as `head`, is no error: the rest is not written, and the exit code stays the command's.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
optimizeLate();
const terminal = new Terminal(process.stdout, process.stderr, process.env);
// The exit code is set, not called: what is written to a pipe has to get there first.
void runCommandLine(process.argv.slice(2), terminal).then(code => { process.exitCode = code; });
