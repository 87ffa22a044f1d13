import { acceptedRequests } from '../../src/envoy/listeners/accepted-requests';

/** What a connection manager does with the escaped slashes of a path. */
function escapedSlashes(httpPathWithEscapedSlashesAction: 'KEEP_UNCHANGED' | 'REJECT_REQUEST' | 'UNESCAPE_AND_FORWARD', profile?: 'EDGE') {
  const { pathWithEscapedSlashesAction } = acceptedRequests('DEFAULT', {
    connectionSettings: { profile, httpPathWithEscapedSlashesAction },
  }, true);
  return pathWithEscapedSlashesAction;
}

describe('httpPathWithEscapedSlashesAction of connectionSettings', () => {
  test.each(['REJECT_REQUEST', 'UNESCAPE_AND_FORWARD'] as const)('%s is what Envoy gets', action => {
    expect(escapedSlashes(action)).toBe(action);
  });

  test('KEEP_UNCHANGED is Envoy\'s own default, also over the action of the EDGE profile', () => {
    expect(escapedSlashes('KEEP_UNCHANGED')).toBeUndefined();
    expect(escapedSlashes('KEEP_UNCHANGED', 'EDGE')).toBeUndefined();
  });
});
