import { differencesOf } from '../../conformance/gateway-suite/judgement';
import { LEFT_OUT_REQUESTS, LEFT_OUT_TESTS, STATUS_TESTS, leftOutRequest } from '../../conformance/gateway-suite/left-out';
import { keptSuite } from '../../conformance/gateway-suite/suite';

const suite = keptSuite();
const judged = suite.tests.filter(({ name, requests }) => requests.some((_, i) => leftOutRequest(name, i) === undefined));

describe('the requests of the conformance tests of the Gateway API project get the expected answers', () => {
  test.each(judged)('$name', each => {
    expect(differencesOf(each, suite)).toEqual([]);
  });
});

test('every other test or request is listed with a reason', () => {
  const others = suite.tests.filter(each => !judged.includes(each)).map(({ name }) => name);
  expect([...others].sort()).toEqual([...Object.keys(LEFT_OUT_TESTS), ...STATUS_TESTS].sort());
  const requests = judged.flatMap(({ name, requests: all }) => all.flatMap((_, i) => (leftOutRequest(name, i) === undefined ? [] : [`${name} ${i}`])));
  expect(requests.sort()).toEqual(Object.keys(LEFT_OUT_REQUESTS).sort());
});
