import type { Deviation } from './deviation';
import { DEVIATIONS } from './deviations';
import { comparableSet, generatedSet } from './sets';
import { analyze } from '../../src/analysis';
import type { Finding } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';
import { analyze as ask } from '../istiod/client';

/** Codes of which manifests decide and whose proofs fire, so that the analyzers' silence on them says something. */
const CODES: readonly string[] = [
  'IST0002', 'IST0101', 'IST0109', 'IST0110', 'IST0111', 'IST0112', 'IST0116', 'IST0118', 'IST0128', 'IST0129', 'IST0130', 'IST0131', 'IST0132', 'IST0134',
  'IST0137', 'IST0138', 'IST0140', 'IST0145', 'IST0149', 'IST0150', 'IST0157', 'IST0159', 'IST0160', 'IST0161', 'IST0162', 'IST0173', 'IST0174', 'IST0177',
];

/** Of these the analyzers say one thing once a resource, wherever and however often it stands there. */
const ONCE = /^(IST0002|IST0140|IST0101 \(mirror)/;

/** Our names for what the analyzers put under one code. */
const KINDS_OF_REFERENCE: { readonly [kind: string]: readonly string[] } = {
  'gateway': ['unknown-gateway'],
  'host': ['unknown-destination-host'],
  'mirror host': ['unknown-mirror-host'],
  'host:port': ['unknown-destination-port'],
  'host+subset in destinationrule': ['unknown-subset'],
  'mirror+subset in destinationrule': ['unknown-mirror-subset'],
  'selector': ['gateway-selects-no-pods', 'sidecar-selects-no-pods', 'telemetry-selects-no-pods'],
  'credentialName': ['unknown-gateway-credential'],
  'namespace': ['unknown-policy-namespace'],
};

/** One mistake of one resource, as both sides would name it. */
function keyOf(code: string, kind: string, resource: string): string {
  return `${code}${kind === '' ? '' : ` (${kind})`} ${resource}`;
}

function ours(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ rule, codes, resource }) => codes.filter(code => CODES.includes(code)).map(code => {
    const kind = code === 'IST0101' ? Object.entries(KINDS_OF_REFERENCE).find(([, rules]) => rules.includes(rule))?.[0] ?? rule : '';
    return keyOf(code, kind, `${resource?.kind} ${resource?.namespace}/${resource?.name}`);
  }));
}

function theirs(messages: readonly { readonly code: string; readonly resource: string; readonly message: string }[]): string[] {
  return messages.filter(({ code }) => CODES.includes(code)).map(({ code, resource, message }) => (
    keyOf(code, code === 'IST0101' ? /^Referenced (.+) not found:/.exec(message)?.[1] ?? message : '', resource)));
}

/** What one side says, without what is no matter of count. */
function said(keys: readonly string[]): string[] {
  return keys.filter((key, i) => !ONCE.test(key) || keys.indexOf(key) === i);
}

/** What one side says more often than the other. */
function surplus(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter(one => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

export interface Crossing {
  readonly id: string;
  /** What the analyzers find and we do not. */
  readonly missed: readonly string[];
  /** What we find and the analyzers do not. */
  readonly added: readonly string[];
  readonly agreed: number;
  readonly codes: readonly string[];
}

/** Compares our findings with those of Istio's own analyzers on some sets of manifests. */
export async function cross(sets: readonly { readonly id: string; readonly text: string }[]): Promise<(Crossing | string)[]> {
  const answers = await ask(sets.map(({ id, text }) => ({ id, files: { [`${id}.yaml`]: text } })));
  return answers.map((answer, i) => {
    if (answer.error !== undefined) return `${answer.id}: ${answer.error}`;
    const mine = said(ours(analyze(parseManifests(sets[i].text, { namespace: 'default' }).objects)));
    const other = said(theirs(answer.messages));
    const missed = surplus(other, mine);
    return { id: answer.id, missed, added: surplus(mine, other), agreed: other.length - missed.length, codes: other.map(key => key.slice(0, 'IST0000'.length)) };
  });
}

/** Of hosts that are written in several ways the analyzers find less, or more; two deviations say how. */
const BY_TEXT = /^IST0140 /;

/**
 * For the gate and the full run: generated sets on which our findings are the analyzers' own, with the same resources as often. What is wrong comes
 * with a figure of how much was compared.
 */
export async function analysisDifferences(count: number, firstSeed = 1): Promise<{ readonly wrong: string[]; readonly figure: string }> {
  const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
  const crossings = await cross([...seeds.map(generatedSet), ...seeds.map(comparableSet)]);
  const isCompared = (at: number) => (key: string) => at >= count || !BY_TEXT.test(key);
  const wrong = crossings.flatMap((crossing, at) => (typeof crossing === 'string' ? [crossing] : [
    ...crossing.missed.filter(isCompared(at)).map(key => `${crossing.id}: only Istio's analyzers find ${key}`),
    ...crossing.added.filter(isCompared(at)).map(key => `${crossing.id}: only we find ${key}`),
  ]));
  const judged = crossings.filter(crossing => typeof crossing !== 'string');
  const fired = new Set(judged.flatMap(({ codes }) => codes));
  return { wrong, figure: `${count} sets, each in two ways of writing, ${judged.reduce((sum, { agreed }) => sum + agreed, 0)} findings of ${fired.size} codes alike` };
}

/** How often the analyzers are asked where their answer varies: of two answers that are as likely, one stays away once in a million runs. */
const TIMES = 20;
const NO_DIFFERENCE = JSON.stringify([[], []]);

/** The closed list of deviations: each has to differ on its fixture, in just its way, or it is none any more. */
export async function deviationDrift(deviations: readonly Deviation[] = DEVIATIONS): Promise<string[]> {
  const asked = deviations.flatMap(deviation => Array.from({ length: deviation.varies ? TIMES : 1 }, (_, time) => ({ deviation, id: `${deviation.id}-${time}` })));
  const crossings = await cross(asked.map(({ id, deviation }) => ({ id, text: deviation.manifests })));
  return deviations.flatMap(deviation => {
    const { id, missed, added, varies } = deviation;
    const expected = JSON.stringify([missed, added]);
    const own = crossings.filter((_, i) => asked[i].deviation === deviation);
    const found = own.map(crossing => (typeof crossing === 'string' ? crossing : JSON.stringify([crossing.missed, crossing.added])));
    const wrong = found.find(each => each !== expected && !(varies && each === NO_DIFFERENCE));
    if (wrong === undefined && found.includes(expected)) return [];
    return [`${id}: the deviation is stated as ${expected}, and found is ${wrong ?? found[0]}`];
  });
}
