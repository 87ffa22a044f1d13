import type { KubernetesObject } from './kubernetes-object';
import { describeObject } from './kubernetes-object';

/** A field that Kubernetes would reject. */
export interface RefusedField {
  readonly object: KubernetesObject;
  /** The path, such as `spec.http[0].timeout`. */
  readonly path: string;
  /** The value, and what it must be. */
  readonly cause: string;
  /** What to write. */
  readonly repair: string;
}

const MOST = 10;

/** The error for objects that can be read, but that Kubernetes would reject. */
export class RefusedManifests extends Error {
  constructor(public readonly fields: readonly RefusedField[]) {
    const more = fields.length > MOST ? [`and ${fields.length - MOST} more`] : [];
    super(['Kubernetes would reject these objects:', ...fields.slice(0, MOST).map(describeRefused), ...more].join('\n  '));
  }
}

/** A rejected field in one line. */
export function describeRefused({ object, path, cause }: RefusedField): string {
  return `${object.metadata?.name === undefined ? `a ${object.kind}` : describeObject(object)}: ${path} ${cause}`;
}
