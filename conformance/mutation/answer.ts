import { createHash } from 'node:crypto';
import type { ConversionQuestion } from './conversions';
import { conversionOf } from './conversions';
import { ourAccess } from '../access/comparison';
import type { TranslateCase } from '../istiod/client';
import { asKept, compared, RESOURCES, translated } from '../translation';

export type Question = TranslateCase | ConversionQuestion;

/** Our answer to a question, as digests that are computed on request. */
export interface Answered {
  /** The whole configuration of proxies, or all converted objects. */
  readonly sent: string;
  /** The part that is compared with istiod's answer. */
  readonly compared: string;
  /** The rest: notes and origins of routes. */
  readonly beside: string;
}

/** The digest of the result, or of the error. */
function digest(make: () => unknown): string {
  try {
    return createHash('sha1').update(JSON.stringify(make())).digest('base64');
  } catch (error) {
    return `broken: ${(error as Error).message}`;
  }
}

/** Answers one question. If the translator throws, the error is the answer. */
export function answerOf(asked: Question): Answered {
  if ('objects' in asked) {
    const converted = digest(() => conversionOf(asked));
    return { sent: converted, compared: converted, beside: '' };
  }
  try {
    const answers = [...translated(asked)];
    const access = asked.isAboutAccess ? [...ourAccess(asked)] : [];
    const sent = digest(() => [
      access,
      answers.map(([, { routes, clusters, listeners, endpoints }]) => [routes, clusters, listeners, endpoints]),
    ]);
    return {
      sent,
      get compared() {
        return digest(() => [access, answers.map(([name, config]) => {
          const kept = asKept(name, config);
          return RESOURCES.map(resource => compared(resource, kept[resource]));
        })]);
      },
      get beside() {
        return digest(() => answers.map(([, { notes, origins }]) => [
          notes.map(({ message }) => message), [...origins].map(
            ([{ name }, { object, path }]) => [name, object?.metadata.name, path],
          ),
        ]));
      },
    };
  } catch (error) {
    const broken = `broken: ${(error as Error).message}`;
    return { sent: broken, compared: broken, beside: broken };
  }
}
