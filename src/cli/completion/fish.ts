import type { Command, Option } from '../command';
import { COMMANDS } from '../commands';
import { COMMON_OPTIONS } from '../common-options';

const PROGRAM = 'complete -c cdk8s-istio';

/** The completions of fish. */
export function fishCompletion(): string {
  return [
    `${PROGRAM} -n __fish_use_subcommand -f`,
    ...COMMANDS.flatMap(branch),
  ].join('\n');
}

function branch(command: Command): string[] {
  const inCommand = `${PROGRAM} -n '__fish_seen_subcommand_from ${command.name}'`;
  return [
    `${PROGRAM} -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
    ...(command.choices ? [`${inCommand} -f -a ${quoted(command.choices.join(' '))}`] : []),
    ...[...command.options, ...COMMON_OPTIONS].map(option => `${inCommand} ${spec(option)}`),
  ];
}

function spec({ name, short, value, choices, summary }: Option): string {
  const argument = value === undefined ? '' : choices ? ` -x -a ${quoted(choices.join(' '))}` : value === 'FILE' ? ' -r -F' : ' -x';
  return `-l ${name}${short === undefined ? '' : ` -s ${short}`}${argument} -d ${quoted(summary)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, c => `\\${c}`)}'`;
}
