import { simulatedVerdict } from '../../conformance/access-requests/outcomes';
import type { Example } from '../../conformance/experiments/access-trials';
import { ACCESS_TRIALS, CALLED, exampleOf } from '../../conformance/experiments/access-trials';
import { translatorFor } from '../../conformance/translation';

test.each(ACCESS_TRIALS)('$rule: $call.method $call.path at port $call.port is $bad with the mistake, and $good with its repair', one => {
  const outcomeIn = (which: Example) => {
    const translator = translatorFor(exampleOf(one.rule, which));
    const pods = { proxy: CALLED, config: translator.inbound(CALLED), trustDomain: translator.trustDomain };
    return simulatedVerdict(pods, one.call).outcome;
  };
  expect([outcomeIn('bad'), outcomeIn('good')]).toEqual([one.bad, one.good]);
});
