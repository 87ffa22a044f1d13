import { parseArgs } from 'node:util';
import type { Command, Option } from './command';
import { COMMON_OPTIONS } from './common-options';
import { UsageError } from './usage-error';
import { nearest } from '../traffic/nearest';

/** What a command was given. */
export class Arguments {
  constructor(public readonly operands: readonly string[], private readonly values: { readonly [option: string]: unknown }) {}

  /** Whether a switch is on. */
  public is(option: string): boolean {
    return this.values[option] === true;
  }

  /** An option's value, or its default. */
  public get(option: string): string | undefined {
    return this.values[option] as string | undefined;
  }

  /** All values of an option that may be repeated. */
  public all(option: string): readonly string[] {
    return (this.values[option] as readonly string[] | undefined) ?? [];
  }
}

/** Reads what follows a command's name. Options and operands may stand in any order; what follows `--` is an operand. */
export function parseArguments(command: Command, args: readonly string[]): Arguments {
  const options = [...command.options, ...COMMON_OPTIONS];
  const config = Object.fromEntries(options.map(({ name, short, value, repeatable }) => [name, {
    type: value === undefined ? 'boolean' as const : 'string' as const,
    multiple: repeatable ?? false,
    ...(short === undefined ? {} : { short }),
  }]));
  const { tokens } = parseArgs({ args: [...args], options: config, strict: false, allowPositionals: true, tokens: true });
  const values: { [option: string]: unknown } = {};
  const operands: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const option = options.find(o => o.name === token.name);
    if (!option) throw new UsageError(`${command.name} has no option ${token.rawName}${suggestion(token.rawName, options)}; see cdk8s-istio ${command.name} --help`);
    const value = valueOf(option, token.rawName, token.value, token.inlineValue === true);
    if (option.repeatable) values[option.name] = [...(values[option.name] as unknown[] ?? []), value];
    else if (Object.hasOwn(values, option.name) && values[option.name] !== value) throw new UsageError(`${token.rawName} is given twice: ${values[option.name]}, and ${value}`);
    else values[option.name] = value;
  }
  for (const { name, default: value } of options) if (value !== undefined && !Object.hasOwn(values, name)) values[name] = value;
  return new Arguments(operands, values);
}

/** Refuses a wrong number of operands, and operands that none may be. */
export function checkOperands(command: Command, { operands }: Arguments): void {
  const { min, max } = command.count;
  if (operands.length < min) throw new UsageError(`${command.name} needs ${command.operands}; see cdk8s-istio ${command.name} --help`);
  if (operands.length > max) throw new UsageError(`${command.name} takes ${command.operands}, and nothing more: '${operands[max]}' is too much`);
  const wrong = command.choices && operands.find(operand => !command.choices!.includes(operand));
  if (wrong !== undefined) throw new UsageError(`${command.name} knows ${command.choices!.join(', ')}, not '${wrong}'`);
}

function valueOf({ name, value: placeholder, choices }: Option, raw: string, value: string | undefined, inline: boolean): string | boolean {
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`${raw} takes no value, and has '${value}'`);
    return true;
  }
  if (value === undefined || (!inline && value.startsWith('-') && value !== '-')) throw new UsageError(`${raw} needs a value: --${name}=${placeholder}`);
  if (choices && !choices.includes(value)) throw new UsageError(`${raw} is one of ${choices.join(', ')}, not '${value}'`);
  return value;
}

function suggestion(raw: string, options: readonly Option[]): string {
  const close = nearest(raw.replace(/^-+/, ''), options.map(option => option.name));
  return close === undefined ? '' : `, but --${close}`;
}
