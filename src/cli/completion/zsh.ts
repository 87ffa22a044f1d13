import type { Command, Option } from '../command';
import { COMMANDS } from '../commands';
import { COMMON_OPTIONS } from '../common-options';

/** The completions of zsh. */
export function zshCompletion(): string {
  return [
    '#compdef cdk8s-istio',
    '_cdk8s_istio() {',
    '  local -a commands',
    '  commands=(',
    ...COMMANDS.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`),
    '  )',
    '  if (( CURRENT == 2 )); then',
    '    _describe command commands',
    '    return',
    '  fi',
    '  local command="${words[2]}"',
    '  shift words; (( CURRENT-- ))',
    '  case "$command" in',
    ...COMMANDS.flatMap(branch),
    '  esac',
    '}',
    'compdef _cdk8s_istio cdk8s-istio',
  ].join('\n');
}

function branch(command: Command): string[] {
  const options = [...command.options, ...COMMON_OPTIONS].flatMap(specs);
  const operands = command.choices ? `*:operand:(${command.choices.join(' ')})` : '*:path:_files';
  return [`    ${command.name}) _arguments -s ${[...options, operands].map(quoted).join(' ')};;`];
}

function specs({ name, short, value, choices, repeatable, summary }: Option): string[] {
  const action =
    value === undefined ? '' : `:${escaped(value.toLowerCase())}:${choices ? `(${choices.join(' ')})` : value === 'FILE' ? '_files' : ' '}`;
  return [`--${name}`, ...(short === undefined ? [] : [`-${short}`])].map(
    spelling => `${repeatable ? '*' : ''}${spelling}[${escaped(summary)}]${action}`,
  );
}

function escaped(text: string): string {
  return text.replace(/[[\]:\\]/g, c => `\\${c}`);
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, '\'\\\'\'')}'`;
}
