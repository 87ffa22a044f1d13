import type { ProxyConfig, TranslateCase } from '../istiod/client';
import { translate } from '../istiod/client';

interface Waiting {
  readonly wanted: Omit<TranslateCase, 'id'>;
  readonly resolve: (configs: readonly ProxyConfig[]) => void;
  readonly reject: (error: Error) => void;
}

let waiting: Waiting[] = [];

/** istiod's answer to one case. Simultaneous questions are batched into one run of the program. */
export async function translation(wanted: Omit<TranslateCase, 'id'>): Promise<readonly ProxyConfig[]> {
  return new Promise((resolve, reject) => {
    if (waiting.length === 0) setTimeout(() => void answerAll(), 50);
    waiting.push({ wanted, resolve, reject });
  });
}

async function answerAll(): Promise<void> {
  const asked = waiting;
  waiting = [];
  try {
    const answers = await translate(asked.map(({ wanted }, index) => ({ ...wanted, id: `${index}` })));
    asked.forEach(({ resolve, reject }, index) => {
      const answer = answers[index];
      if (answer.error === undefined) resolve(answer.proxies);
      else reject(new Error(`istiod refuses the case: ${answer.error}`));
    });
  } catch (error) {
    asked.forEach(({ reject }) => reject(error as Error));
  }
}
