import type { KubernetesObject } from '../manifest/kubernetes-object';

/** What the translation leaves out or cannot know, so that nothing is silently wrong. */
export interface Note {
  readonly message: string;
  /** The object that the note is about. */
  readonly object?: KubernetesObject;
}
