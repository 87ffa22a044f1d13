import type { Command, Option } from './command';
import { COMMANDS } from './commands';
import { COMMON_OPTIONS } from './common-options';

/** The output of `cdk8s-istio --help`. */
export function help(): string {
  return [
    'cdk8s-istio: what Istio will do with your manifests, before a cluster sees them',
    '',
    'Usage: cdk8s-istio COMMAND [OPTION...]',
    '',
    'Commands:',
    ...columns(COMMANDS.map(({ name, summary }) => [name, summary])),
    '',
    'Options:',
    ...columns([['-h, --help', 'this help; after a command, its own'], ['--version', 'the version of this package']]),
    '',
    'Examples:',
    ...COMMANDS.map(({ examples: [[line]] }) => `  ${line}`),
    '',
    'Results go to stdout, messages to stderr. Colors appear only in a terminal; NO_COLOR disables them.',
    'Exit code 1 means that the command found something to look at, 2 that it failed.',
  ].join('\n');
}

/** The output of `cdk8s-istio COMMAND --help`. */
export function commandHelp({ name, operands, description, options, exitCodes, examples }: Command): string {
  return [
    ...wrap(`${description}`, 100),
    '',
    `Usage: cdk8s-istio ${name} ${operands}${options.length > 0 ? ' [OPTION...]' : ''}`,
    '',
    'Options:',
    ...columns([...options, ...COMMON_OPTIONS].map(option => [usage(option), details(option)])),
    '',
    'Exit codes:',
    ...columns(exitCodes.map(([code, meaning]) => [String(code), meaning])),
    '',
    'Examples:',
    ...examples.flatMap(([line, meaning]) => [`  # ${meaning}`, `  ${line}`]),
  ].join('\n');
}

function usage({ name, short, value }: Option): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function details({ summary, choices, repeatable, default: value }: Option): string {
  const more = [
    ...(choices ? [choices.join(', ')] : []),
    ...(value === undefined ? [] : [`default: ${value}`]),
    ...(repeatable ? ['can be repeated'] : []),
  ];
  return more.length > 0 ? `${summary} (${more.join('; ')})` : summary;
}

const TEXT_WIDTH = 72;
const WIDEST_LEFT = 30;

function columns(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.min(WIDEST_LEFT, Math.max(...rows.map(([left]) => left.length)));
  return rows.flatMap(([left, right]) => {
    const [first, ...rest] = wrap(right, TEXT_WIDTH);
    const indented = (text: string) => `  ${' '.repeat(width)}  ${text}`;
    return left.length <= width
      ? [`  ${left.padEnd(width)}  ${first}`, ...rest.map(indented)]
      : [`  ${left}`, indented(first), ...rest.map(indented)];
  });
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== '' && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
