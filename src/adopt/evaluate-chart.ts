import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ChartFile, Code } from './code';
import { VALUES } from './names';

type Method = (...args: readonly unknown[]) => unknown;
type Class = new (...args: readonly unknown[]) => unknown;

/** Creates the constructs that the printed program would create. A file that takes the service of another one comes after it. */
export function evaluateCharts(files: readonly ChartFile[], scope: Construct): Chart[] {
  const exported = new Map<string, unknown>();
  return files.map(file => evaluateChart(file, scope, exported));
}

function evaluateChart(file: ChartFile, scope: Construct, exported: Map<string, unknown>): Chart {
  const chart = new Chart(scope, file.name, { namespace: file.namespace });
  const variables = new Map<string, unknown>(file.inputs.map(({ variable, file: from }) => [variable, exported.get(from)]));
  const value = (code: Code): unknown => {
    if (typeof code !== 'object') return code;
    if (Array.isArray(code)) return code.map(value);
    if ('fields' in code) {
      const stated = Object.entries(code.fields).filter((entry): entry is [string, Code] => entry[1] !== undefined);
      return Object.fromEntries(stated.map(([name, each]) => [name, value(each)]));
    }
    if ('call' in code) return invoke(VALUES[code.call[0]], code.call[1], code.args.map(value));
    if ('member' in code) return (VALUES[code.member[0]] as { readonly [name: string]: unknown })[code.member[1]];
    if (!('reference' in code)) throw new Error('a value without a form');
    const object = variables.has(code.reference) ? variables.get(code.reference) : VALUES[code.reference];
    return code.property === undefined ? object : read(object, code.property);
  };
  for (const statement of file.statements) {
    const result = 'creates' in statement
      ? new (VALUES[statement.creates] as Class)(chart, statement.id, value(statement.props))
      : invoke(value(statement.receiver), statement.method, [
        ...(statement.id === undefined ? [] : [chart, statement.id]), ...statement.args.map(value),
      ]);
    if (statement.variable !== undefined) variables.set(statement.variable, result);
  }
  if (file.exported !== undefined) exported.set(file.name, variables.get(file.exported));
  return chart;
}

/** A property, which may be nested: `virtualService.metadata`. */
function read(object: unknown, path: string): unknown {
  return path.split('.').reduce((each, name) => (each as { readonly [name: string]: unknown })[name], object);
}

function invoke(object: unknown, method: string, args: readonly unknown[]): unknown {
  return (object as { readonly [name: string]: Method })[method](...args);
}
