import { parseDuration } from '../../../manifest/duration';
import { defineRule } from '../../rule';
import { counted } from '../../words';

const SECOND = 1e9;
/** Envoy waits a random part of this before the first retry, unless an entry sets another back-off. */
const BACK_OFF = '25ms';

export const rule = defineRule({
  id: 'timeout-below-retries',
  codes: [],
  severity: 'warning',
  subjects: ['VirtualService'],
  title: 'The timeout of an entry ends before its retries can',
  effect: 'The timeout of the route ends all tries together: 504, flag UT.',
  check(object, report) {
    object.spec?.http?.forEach(({ timeout: limit, retries: { attempts = 0, perTryTimeout, backoff = BACK_OFF } = {} }, r) => {
      const [timeout, perTry] = [parseDuration(limit), parseDuration(perTryTimeout)];
      const wait = parseDuration(backoff) ?? 0;
      if (timeout !== undefined && timeout > 0 && attempts > 0 && timeout < wait) {
        report(`spec.http[${r}].timeout`, `Envoy waits a random part of ${backoff} before the first retry, but the timeout of the entry is `
          + `${limit}: even if the first try fails at once, its retry is in time in ${Math.round(100 * timeout / wait)} % of the cases`,
        `set a timeout that is longer than ${backoff}, or a shorter retries.backoff`);
        return;
      }
      if (timeout === undefined || perTry === undefined || !(timeout > 0) || !(attempts > 0) || perTry * (attempts + 1) <= timeout) return;
      const tries = Math.max(Math.ceil(timeout / perTry), 1);
      const needed = `${(attempts + 1) * perTry / SECOND}s`;
      report(`spec.http[${r}].timeout`,
        `the first try and ${counted(attempts, 'retry', 'retries')} of ${perTryTimeout}${attempts === 1 ? '' : ' each'} need ${needed}, `
          + `but the timeout of the entry is ${limit}: if each try takes its full time, Envoy makes at most `
            + `${counted(tries, 'try', 'tries')}`,
        `set a timeout of at least ${needed}, fewer attempts, or a shorter perTryTimeout`);
    });
  },
});
