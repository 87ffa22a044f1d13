import type { Step } from './migration';
import type { KubernetesObject, ResourceName } from '../manifest/kubernetes-object';
import { resourceText } from '../manifest/kubernetes-object';

/** How bad a finding is: an error, likely a mistake, or good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** The severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** A mistake, or what may be one. */
export interface Finding {
  /** The name of the rule, which never changes. */
  readonly rule: string;
  /** The codes of istioctl (`IST…`) and Kiali (`KIA…`) for the same mistake. */
  readonly codes: readonly string[];
  /** How bad it is. */
  readonly severity: Severity;
  /** What happens when the namespace of the resource moves; absent unless the analysis has a target. */
  readonly step?: Step;
  /** The resource with the mistake; absent where the finding is about the whole input. */
  readonly resource?: ResourceName;
  /** The field, such as `spec.http[0].route[0].weight`. */
  readonly path?: string;
  /** The file from which the resource was read; absent for one made in memory. */
  readonly file?: string;
  /** The line in the file, from 1. */
  readonly line?: number;
  /** The constructs behind the field, where the manifest states them. */
  readonly constructs?: readonly string[];
  /** What is wrong, in one line. */
  readonly cause: string;
  /** What to do about it. */
  readonly repair: string;
  /** The object itself. */
  readonly object?: KubernetesObject;
}

/**
 * The place of a finding: its resource and field, such as `VirtualService shop/catalog spec.hosts[0]`; empty where it is about the whole
 * input.
 */
export function placeText({ resource, path = '' }: Pick<Finding, 'resource' | 'path'>): string {
  return [resource ? resourceText(resource) : '', path].filter(part => part !== '').join(' ');
}

/** A finding as a line of text. */
export function describeFinding(finding: Finding): string {
  const { rule, codes, severity, file, line, constructs = [], cause, repair } = finding;
  const place = `${file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `}${placeText(finding)}`;
  const from = constructs.length === 0 ? '' : ` (from ${constructs.join(', ')})`;
  return `${severity} ${[rule, ...codes].join(' ')}: ${place}${place === '' ? '' : ': '}${cause}; ${repair}${from}`;
}

/** The namespace that a finding about a move concerns; empty where it is about the whole input. */
export function movingNamespace({ resource }: Pick<Finding, 'resource'>): string {
  return resource?.namespace ?? (resource?.kind === 'Namespace' ? resource.name : '');
}
