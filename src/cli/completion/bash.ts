import type { Command, Option } from '../command';
import { COMMANDS } from '../commands';
import { COMMON_OPTIONS } from '../common-options';

/** The completions of bash, which falls back to file names. They also work in the old bash of macOS. */
export function bashCompletion(): string {
  return [
    '_cdk8s_istio() {',
    '  local word="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" command="${COMP_WORDS[1]}"',
    '  COMPREPLY=()',
    '  if [ "$COMP_CWORD" -eq 1 ]; then',
    `    ${words([...COMMANDS.map(c => c.name), '--help', '--version'])}`,
    '    return',
    '  fi',
    '  case "$command" in',
    ...COMMANDS.flatMap(branch),
    '  esac',
    '}',
    'complete -o bashdefault -o default -F _cdk8s_istio cdk8s-istio',
  ].join('\n');
}

function branch(command: Command): string[] {
  const options = [...command.options, ...COMMON_OPTIONS];
  const valued = options.filter(option => option.value !== undefined);
  return [
    `    ${command.name})`,
    '      case "$previous" in',
    ...valued.map(option => `        ${spellings(option).join('|')}) ${option.choices ? `${words(option.choices)}; ` : ''}return;;`),
    '      esac',
    '      case "$word" in',
    `        -*) ${words(options.map(option => `--${option.name}`))};;`,
    ...(command.choices ? [`        *) ${words(command.choices)};;`] : []),
    '      esac;;',
  ];
}

function words(list: readonly string[]): string {
  return `COMPREPLY=( $(compgen -W '${list.join(' ')}' -- "$word") )`;
}

function spellings({ name, short }: Option): string[] {
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])];
}
