import type { KubernetesObject } from '../manifest/kubernetes-object';

/** What the translation leaves out or cannot know. */
export interface Note {
  readonly message: string;
  /** The object in question. */
  readonly object?: KubernetesObject;
}
