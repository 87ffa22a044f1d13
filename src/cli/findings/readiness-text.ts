import type { FindingRecord } from './finding-record';
import { textFindings } from './text-findings';
import { movingNamespace } from '../../analysis/finding';
import { STEP_TITLES, STEPS } from '../../analysis/migration';
import { groupBy } from '../../manifest/group-by';
import type { KubernetesObject } from '../../manifest/kubernetes-object';
import type { Line } from '../line';
import { line, styled } from '../line';

/** The objects of an environment, and its name if there are several. */
interface Place {
  readonly name?: string;
  readonly objects: readonly KubernetesObject[];
}

/** What changes for each namespace, step by step. Namespaces for which nothing is found are named too. */
export function textReadiness(findings: readonly FindingRecord[], environments: readonly Place[]): Line[][] {
  const byPlace = groupBy(findings, ({ environment = '' }) => environment);
  return [
    ...environments.flatMap(({ name, objects }) => namespacesText(byPlace.get(name ?? '') ?? [], name, namespacesOf(objects))),
    ...environments.some(({ name }) => name === undefined) ? [] : textFindings(byPlace.get('') ?? []),
  ];
}

function namespacesText(findings: readonly FindingRecord[], name: string | undefined, namespaces: readonly string[]): Line[][] {
  const label = name === undefined ? '' : `[${name}] `;
  const moving = findings.filter(({ step }) => step !== undefined);
  const byNamespace = groupBy(moving, movingNamespace);
  const untouched = namespaces.filter(namespace => !byNamespace.has(namespace));
  return [
    ...[...byNamespace].flatMap(([namespace, found]) => namespaceText(`${label}namespace ${namespace}`, found)),
    ...untouched.length === 0 ? [] : [[line`${styled(`${label}nothing found for`, 'bold')} ${untouched.join(', ')}`]],
    ...textFindings(findings.filter(({ step }) => step === undefined)),
  ];
}

function namespaceText(heading: string, findings: readonly FindingRecord[]): Line[][] {
  const steps = STEPS.filter(step => findings.some(finding => finding.step === step));
  return steps.flatMap((step, i) => {
    const title: Line = line`${styled(`${heading}, ${i + 1} of ${steps.length}: ${STEP_TITLES[step]}`, 'bold')}`;
    const [first, ...others] = textFindings(findings.filter(finding => finding.step === step));
    return [[title, ...first], ...others];
  });
}

/** The namespaces of the objects, sorted. */
function namespacesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return [...new Set(objects.flatMap(({ kind, metadata }) => (kind === 'Namespace' ? metadata.name : metadata.namespace) ?? []))].sort();
}
