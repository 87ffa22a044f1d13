import type { Result, Witness } from '../../invariants/result';
import { describeWitness, reasonsOf } from '../../invariants/result-words';
import type { Line, Style } from '../line';
import { line, styled } from '../line';
import type { ResultRecord } from './result-record';

const STYLES: { readonly [O in Result['outcome']]: Style } = { 'holds': 'green', 'does not hold': 'red', 'not decided': 'yellow' };

/** Results as text: the outcome, and a request that breaks the invariant with its way through the proxies. */
export function textResults(results: readonly ResultRecord[], paths: readonly string[]): Line[][] {
  return results.map(result => {
    const { environment, name, outcome, file, line: number, witness } = result;
    const label = environment === undefined ? '' : `[${environment}] `;
    const place = file === undefined ? '' : `${file}:${number}: `;
    return [
      line`${label}${styled(place, 'bold')}${styled(outcome, STYLES[outcome], 'bold')}: ${name}`,
      ...(outcome === 'holds' ? [] : [`  expected ${result.expected}`]),
      ...reasonsOf(result).map(reason => line`  ${styled('reason:', 'dim')} ${reason}`),
      ...(witness ? witnessLines(witness, outcome, paths) : []),
    ];
  });
}

function witnessLines(witness: Witness, outcome: Result['outcome'], paths: readonly string[]): Line[] {
  return [
    `  ${outcome === 'not decided' ? 'what may break it' : 'what breaks it'}: ${describeWitness(witness)}`,
    ...witness.explanation.map(step => `    ${step}`),
    line`  ${styled('replay:', 'dim')} ${requestCommand(witness, paths)}`,
  ];
}

/** The command that sends the request of a witness. */
export function requestCommand(witness: Witness, paths: readonly string[]): string {
  const token = 'token' in witness.request ? ` --token <(echo ${quoted(JSON.stringify(witness.request.token))})` : '';
  return `${['cdk8s-istio', 'request', ...paths, ...witness.arguments].map(quoted).join(' ')}${token}`;
}

function quoted(argument: string): string {
  return /^[\w./:=,@%+-]+$/.test(argument) ? argument : `'${argument.replace(/'/g, '\'\\\'\'')}'`;
}
