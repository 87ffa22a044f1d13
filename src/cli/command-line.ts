import type { Arguments } from './arguments';
import { checkOperands, parseArguments } from './arguments';
import type { Command } from './command';
import { COMMANDS } from './commands';
import { commandHelp, help } from './help';
import { packageFile } from './package-file';
import type { Terminal } from './terminal';
import { UsageError } from './usage-error';
import { nearest } from '../traffic/nearest';

/** Runs a command and returns the exit code. */
type Run = (given: Arguments, terminal: Terminal) => Promise<number>;

/* eslint-disable @typescript-eslint/no-require-imports -- `import()` in CommonJS loads the ESM loader, slower than some commands */
/** Loads the modules of one command, and none of the others. */
const LOADERS: { readonly [command: string]: () => Run } = {
  init: () => require('./commands/init').initCommand,
  adopt: () => require('./commands/adopt').adoptCommand,
  analyze: () => require('./commands/analyze').analyzeCommand,
  explain: () => require('./commands/explain').explainCommand,
  request: () => require('./commands/request').requestCommand,
  diff: () => require('./commands/diff').diffCommand,
  check: () => require('./commands/check').checkCommand,
  holes: () => require('./commands/holes').holesCommand,
  graph: () => require('./commands/graph').graphCommand,
  facts: () => require('./commands/facts').factsCommand,
  completion: () => require('./commands/completion').completionCommand,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The exit code of a command that failed. */
export const FAILED = 2;

/** Runs the command line and returns the exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(args, terminal);
  } catch (error) {
    const { message, stack } = error as Error;
    terminal.fail(...(error instanceof UsageError ? error.lines : `a bug in cdk8s-istio: ${stack ?? message}`.split('\n')));
    return FAILED;
  }
}

async function run([name, ...args]: readonly string[], terminal: Terminal): Promise<number> {
  if (name === undefined) {
    terminal.fail('a command is required; see cdk8s-istio --help');
    return FAILED;
  }
  if (['--help', '-h', 'help'].includes(name)) {
    const asked = args.find(arg => !arg.startsWith('-'));
    terminal.print((asked === undefined ? help() : commandHelp(commandOf(asked))).split('\n'));
    return 0;
  }
  if (name === '--version' || name === '-V') {
    terminal.print([packageFile().version]);
    return 0;
  }
  const command = commandOf(name);
  const given = parseArguments(command, args);
  if (given.is('help')) {
    terminal.print(commandHelp(command).split('\n'));
    return 0;
  }
  terminal.quiet = given.is('quiet');
  checkOperands(command, given);
  return LOADERS[command.name]()(given, terminal);
}

function commandOf(name: string): Command {
  const command = COMMANDS.find(c => c.name === name);
  if (command) return command;
  const names = COMMANDS.map(c => c.name);
  const close = nearest(name, names);
  throw new UsageError(
    `unknown command '${name}'; ${close === undefined ? `use one of ${names.join(', ')}` : `did you mean ${close}?`} (see cdk8s-istio --help)`,
  );
}
