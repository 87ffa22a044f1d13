import type { KubernetesObject } from './kubernetes-object';
import { describeObject } from './kubernetes-object';

/** A field that Kubernetes would refuse. */
export interface RefusedField {
  readonly object: KubernetesObject;
  /** Such as `spec.http[0].timeout`. */
  readonly path: string;
  /** What is there, and what has to be. */
  readonly cause: string;
}

const MOST = 10;

/** Objects that are read, but that Kubernetes would refuse: a mistake of whoever wrote them. */
export class RefusedManifests extends Error {
  constructor(public readonly fields: readonly RefusedField[]) {
    const more = fields.length > MOST ? [`and ${fields.length - MOST} more`] : [];
    super(['Kubernetes would refuse these objects:', ...fields.slice(0, MOST).map(describeRefused), ...more].join('\n  '));
  }
}

/** A refused field as a line of text. */
export function describeRefused({ object, path, cause }: RefusedField): string {
  return `${object.metadata?.name === undefined ? `a ${object.kind}` : describeObject(object)}: ${path} ${cause}`;
}
