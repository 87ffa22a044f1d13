import { retryPolicy } from '../../src/envoy/routes/retry-policy';

const DEFAULTS = { retryOn: 'connect-failure' };

describe('a number in retryOn is a status code if Go names it', () => {
  test.each([
    ['503', ',retriable-status-codes', [503]], ['connect-failure,418', 'connect-failure,retriable-status-codes', [418]],
    ['509', '509', []], ['306', '306', []], ['429,509', '509,retriable-status-codes', [429]],
  ])('%s', (retryOn, expected, codes) => {
    const policy = retryPolicy({ attempts: 1, retryOn }, false, DEFAULTS);
    expect(policy).toMatchObject({ retryOn: expected, ...(codes.length > 0 && { retriableStatusCodes: codes }) });
  });
});
