import { parseArgs } from 'node:util';
import type { Command, Option } from './command';
import { COMMON_OPTIONS } from './common-options';
import { UsageError } from './usage-error';
import { nearest } from '../traffic/nearest';

/** The parsed arguments of a command. */
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

/** Parses the arguments after a command's name. Options and operands may come in any order; everything after `--` is an operand. */
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
    if (!option) {
      throw new UsageError(
        `${command.name} has no option ${token.rawName}${suggestion(token.rawName, options)} (see cdk8s-istio ${command.name} --help)`,
      );
    }
    const value = valueOf(option, token.rawName, token.value, token.inlineValue === true);
    if (option.repeatable) {
      values[option.name] = [
        ...(values[option.name] as unknown[] ?? []),
        value,
      ];
    } else if (Object.hasOwn(values, option.name) && values[option.name] !== value) {
      throw new UsageError(
        `${token.rawName} is set twice: ${values[option.name]}, and ${value}`,
      );
    } else {
      values[option.name] = value;
    }
  }
  for (const { name, default: value } of options) if (value !== undefined && !Object.hasOwn(values, name)) values[name] = value;
  return new Arguments(operands, values);
}

/** Rejects a wrong number of operands, empty operands, and operands that are not among the choices. */
export function checkOperands(command: Command, { operands }: Arguments): void {
  const { min, max } = command.count;
  if (operands.length < min) throw new UsageError(`${command.name} requires ${command.operands}; see cdk8s-istio ${command.name} --help`);
  if (operands.length > max) throw new UsageError(`${command.name} takes ${command.operands}: '${operands[max]}' is one too many`);
  if (operands.includes('')) throw new UsageError(`${command.name} takes ${command.operands}, but one operand is empty`);
  const wrong = command.choices && operands.find(operand => !command.choices!.includes(operand));
  if (wrong !== undefined) throw new UsageError(`${command.name} takes one of ${command.choices!.join(', ')}, not '${wrong}'`);
}

function valueOf({ name, value: placeholder, choices }: Option, raw: string, value: string | undefined, inline: boolean): string | boolean {
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`${raw} takes no value, but has '${value}'`);
    return true;
  }
  if (value === undefined || value === '' || (!inline && value.startsWith('-') && value !== '-')) {
    throw new UsageError(`${raw} requires a value: --${name}=${placeholder}`);
  }
  if (choices && !choices.includes(value)) throw new UsageError(`${raw} must be one of ${choices.join(', ')}, not '${value}'`);
  return value;
}

function suggestion(raw: string, options: readonly Option[]): string {
  const close = nearest(raw.replace(/^-+/, ''), options.map(option => option.name));
  return close === undefined ? '' : `; did you mean --${close}?`;
}
