import { compareWithOurs } from './differential';
import type { ProxyConfig, TranslateCase } from '../istiod/client';

/** A case that our translator gets right, and istiod's answer. */
export interface Kept {
  readonly asked: TranslateCase;
  readonly answer: readonly ProxyConfig[];
}

/** What our translator, or a mutation of it, makes of it in another way. */
export function compareKept({ asked, answer }: Kept): string[] {
  return compareWithOurs(asked, answer);
}
