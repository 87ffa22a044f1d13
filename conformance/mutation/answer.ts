import { createHash } from 'node:crypto';
import type { TranslateCase } from '../istiod/client';
import { asKept, compared, RESOURCES, translated } from '../translation';

/** What our translator makes of a question, as digests, each made when it is asked for. */
export interface Answered {
  /** What proxies are sent, whole. */
  readonly sent: string;
  /** What is compared of it with istiod's answer. */
  readonly compared: string;
  /** What it says beside that: notes, and where routes come from. */
  readonly beside: string;
}

/** The digest of what is made; of an error, where it cannot be made. */
function digest(make: () => unknown): string {
  try {
    return createHash('sha1').update(JSON.stringify(make())).digest('base64');
  } catch (error) {
    return `broken: ${(error as Error).message}`;
  }
}

/** Answers one question; where the translator breaks, the error is the answer. */
export function answerOf(asked: TranslateCase): Answered {
  try {
    const answers = [...translated(asked)];
    const sent = digest(() => answers.map(([, { routes, clusters, listeners, endpoints }]) => [routes, clusters, listeners, endpoints]));
    return {
      sent,
      get compared() {
        return digest(() => answers.map(([name, config]) => {
          const kept = asKept(name, config);
          return RESOURCES.map(resource => compared(resource, kept[resource]));
        }));
      },
      get beside() {
        return digest(() => answers.map(([, { notes, origins }]) => [
          notes.map(({ message }) => message), [...origins].map(([{ name }, { object, rule, match }]) => [name, object?.metadata.name, rule, match]),
        ]));
      },
    };
  } catch (error) {
    const broken = `broken: ${(error as Error).message}`;
    return { sent: broken, compared: broken, beside: broken };
  }
}
