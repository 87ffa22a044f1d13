import { STATUS_CODES } from 'node:http';
import { ENVOY_STATUS } from '../../src/envoy/xds/status-code';

/** What `envoy.type.v3.StatusCode` leaves out of the statuses that HTTP registers, or names otherwise. */
const OTHERWISE = { 0: 'Empty' };

test('Envoy names a status by the words of its reason phrase', () => {
  const phrase = (status: string) => STATUS_CODES[status]?.replace(/[- ]/g, '');
  const expected = Object.keys(ENVOY_STATUS).map(status => [status, phrase(status)] as const);
  expect(ENVOY_STATUS).toEqual({ ...Object.fromEntries(expected), ...OTHERWISE });
});
