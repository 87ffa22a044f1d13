import type { Deviation } from './deviation';
import { DEVIATIONS } from './deviations';
import { policySet } from './policy-sets';
import { comparableSet, generatedSet } from './sets';
import { analyze } from '../../src/analysis';
import type { Finding } from '../../src/analysis';
import { parseManifests } from '../../src/manifest/loader';
import { analyze as ask } from '../istiod/client';

/** Codes that depend only on manifests and whose proofs fire, so silence of the analyzers is meaningful. */
const CODES: readonly string[] = [
  'IST0002', 'IST0101', 'IST0109', 'IST0110', 'IST0111', 'IST0112', 'IST0116', 'IST0118', 'IST0127', 'IST0128', 'IST0129', 'IST0130', 'IST0131',
  'IST0132', 'IST0134',
  'IST0137', 'IST0138', 'IST0140', 'IST0145', 'IST0149', 'IST0150', 'IST0152', 'IST0153', 'IST0154', 'IST0157', 'IST0159', 'IST0160', 'IST0161', 'IST0162', 'IST0173',
  'IST0174', 'IST0177',
];

/**
 * The code of a destination without a port: the analyzers report each of a host with several ports, although most of them go to the called
 * port.
 */
const PORT_REQUIRED = /^IST0112 /;

/** Codes that the analyzers report once per resource, however often the mistake occurs in it. */
const ONCE = /^(IST0002|IST0140|IST015[234]|IST0101 \(mirror)/;

/** What a message says of a match; the analyzers repeat it for each earlier entry that takes the requests of the match. */
const OF_A_MATCH = / is not used (?=\(duplicate\/overlapping match in rule )/;

/** Names for the different mistakes under one code of the analyzers. */
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

/** One mistake in one resource, by a common key. */
function keyOf(code: string, kind: string, resource: string): string {
  return `${code}${kind === '' ? '' : ` (${kind})`} ${resource}`;
}

function ours(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ rule, codes, resource }) => codes.filter(code => CODES.includes(code)).map(code => {
    const kind = code === 'IST0101' ? Object.entries(KINDS_OF_REFERENCE).find(([, rules]) => rules.includes(rule))?.[0] ?? rule : '';
    return keyOf(code, kind, `${resource?.kind} ${resource?.namespace}/${resource?.name}`);
  }));
}

interface Message {
  readonly code: string;
  readonly resource: string;
  readonly message: string;
}

/** Whether an earlier message is about the same match. */
function isRepeated({ resource, message }: Message, earlier: readonly Message[]): boolean {
  const [match, ...rest] = message.split(OF_A_MATCH);
  return rest.length > 0 && earlier.some(other => other.resource === resource && other.message.startsWith(`${match} is not used `));
}

function theirs(messages: readonly Message[]): string[] {
  const counted = messages.filter((message, i) => CODES.includes(message.code) && !isRepeated(message, messages.slice(0, i)));
  return counted.map(({ code, resource, message }) => (
    keyOf(code, code === 'IST0101' ? /^Referenced (.+) not found:/.exec(message)?.[1] ?? message : '', resource)));
}

/** The findings of one side, without repetitions that do not count. */
function said(keys: readonly string[]): string[] {
  return keys.filter((key, i) => !ONCE.test(key) || keys.indexOf(key) === i);
}

/** The findings that one side reports more often than the other. */
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
  /** Findings of the analyzers only. */
  readonly missed: readonly string[];
  /** Findings of our analysis only. */
  readonly added: readonly string[];
  readonly agreed: number;
  readonly codes: readonly string[];
}

/** Compares our findings with those of Istio's analyzers on sets of manifests. */
export async function cross(sets: readonly { readonly id: string; readonly text: string }[]): Promise<(Crossing | string)[]> {
  const answers = await ask(sets.map(({ id, text }) => ({ id, files: { [`${id}.yaml`]: text } })));
  return answers.map((answer, i) => {
    if (answer.error !== undefined) return `${answer.id}: ${answer.error}`;
    // Istio's analyzers assume that every input is complete.
    const mine = said(ours(analyze(parseManifests(sets[i].text, { namespace: 'default' }).objects, { complete: true })));
    const other = said(theirs(answer.messages));
    const missed = surplus(other, mine);
    return {
      id: answer.id,
      missed,
      added: surplus(mine, other),
      agreed: other.length - missed.length,
      codes: other.map(key => key.slice(0, 'IST0000'.length)),
    };
  });
}

/** Codes for which the analyzers report more or less if a host is written in several ways; see two deviations. */
const BY_TEXT = /^IST0140 /;

/**
 * For the gate and the full run: generated sets on which our findings must equal those of the analyzers, with the same resources and
 * counts. Returns the errors and a figure of the comparison.
 */
export async function analysisDifferences(count: number, firstSeed = 1): Promise<{ readonly wrong: string[]; readonly figure: string }> {
  const seeds = Array.from({ length: count }, (_, i) => firstSeed + i);
  const crossings = await cross([...seeds.map(generatedSet), ...seeds.map(comparableSet), ...seeds.map(policySet)]);
  const isCompared = (at: number) => (key: string) => at >= count || !BY_TEXT.test(key);
  const wrong = crossings.flatMap((crossing, at) => (typeof crossing === 'string' ? [crossing] : [
    ...crossing.missed.filter(key => isCompared(at)(key) && !PORT_REQUIRED.test(key)).map(
      key => `${crossing.id}: only Istio's analyzers find ${key}`,
    ),
    ...crossing.added.filter(isCompared(at)).map(key => `${crossing.id}: only we find ${key}`),
  ]));
  const judged = crossings.filter(crossing => typeof crossing !== 'string');
  const fired = new Set(judged.flatMap(({ codes }) => codes));
  return {
    wrong,
    figure: `${count} sets, each in two ways of writing, and as many sets of policies, ${judged.reduce(
      (sum, { agreed }) => sum + agreed,
      0,
    )} findings of ${fired.size} codes alike`,
  };
}

/** How often the analyzers run where their answer varies: one of two equally likely answers is missed once in a million runs. */
const TIMES = 20;
const NO_DIFFERENCE = JSON.stringify([[], []]);

/** Checks the closed list of deviations: each must differ on its fixture, in exactly the listed way. */
export async function deviationDrift(deviations: readonly Deviation[] = DEVIATIONS): Promise<string[]> {
  const asked = deviations.flatMap(deviation =>
    Array.from({ length: deviation.varies ? TIMES : 1 }, (_, time) => ({ deviation, id: `${deviation.id}-${time}` })),
  );
  const crossings = await cross(asked.map(({ id, deviation }) => ({ id, text: deviation.manifests })));
  return deviations.flatMap(deviation => {
    const { id, missed, added, varies } = deviation;
    const expected = JSON.stringify([missed, added]);
    const own = crossings.filter((_, i) => asked[i].deviation === deviation);
    const found = own.map(crossing => (typeof crossing === 'string' ? crossing : JSON.stringify([crossing.missed, crossing.added])));
    const wrong = found.find(each => each !== expected && !(varies && each === NO_DIFFERENCE));
    if (wrong === undefined && found.includes(expected)) return [];
    return [`${id}: the expected deviation is ${expected}, but ${wrong ?? found[0]} was found`];
  });
}
