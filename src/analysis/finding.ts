import type { KubernetesObject } from '../manifest/kubernetes-object';

/** How bad it is: wrong, likely not what was meant, or good to know. */
export type Severity = 'error' | 'warning' | 'info';

/** The severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

/** A mistake, or what may be one. */
export interface Finding {
  /** Our own name of the rule, which stays as it is. */
  readonly rule: string;
  /** What istioctl (`IST…`) and Kiali (`KIA…`) call the same. */
  readonly codes: readonly string[];
  /** How bad it is. */
  readonly severity: Severity;
  /** What it is about; absent where it is about the input as a whole. */
  readonly resource?: { readonly kind: string; readonly namespace?: string; readonly name: string };
  /** The field, such as `spec.http[0].route[0].weight`. */
  readonly path?: string;
  /** The file, where the resource was read from one. */
  readonly file?: string;
  /** The line there, from 1. */
  readonly line?: number;
  /** The constructs behind the field, where the manifest tells. */
  readonly constructs?: readonly string[];
  /** What is wrong, in one line. */
  readonly cause: string;
  /** What to do about it. */
  readonly repair: string;
  /** The object itself. */
  readonly object?: KubernetesObject;
}

/** A finding as a line of text. */
export function describeFinding({ rule, codes, severity, resource, path, file, line, constructs, cause, repair }: Finding): string {
  const place = [file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `,
    resource ? `${resource.kind} ${resource.namespace === undefined ? '' : `${resource.namespace}/`}${resource.name}` : '', path === undefined || path === '' ? '' : ` ${path}`].join('');
  const origin = constructs === undefined || constructs.length === 0 ? '' : ` (from ${constructs.join(', ')})`;
  return `${severity} ${[rule, ...codes].join(' ')}: ${place}${place === '' ? '' : ': '}${cause}; ${repair}${origin}`;
}
