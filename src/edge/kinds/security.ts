import { isOfKind } from '../../manifest/manifest';
import { contentOf } from '../content';
import type { Reach } from '../reach';
import { isForPods, reaching, targetsOf } from '../targets';
import type { UnreadKind, UnreadKinds } from '../unread';

/** A kind whose objects change what the proxies of their targets take. */
function taken(what: string, changes: string): readonly UnreadKind[] {
  return [{
    what,
    changes,
    of: (object, known) => ({
      part: contentOf(object),
      ...isForPods(object, known)
        ? { reaches: reaching('taking', targetsOf(object, known)), isReadInbound: true }
        : { reaches: reaching('taking', targetsOf(object, known)).map((reach): Reach => ({ ...reach, isReadByWaypoint: true })) },
    }),
  }];
}

/** Whether a kind is one of access policies. */
export function isPolicy(what: string): boolean {
  return Object.hasOwn(SECURITY, `security.istio.io/${what}`);
}

/** The part of rules about tokens that comparisons of calls do not read. A new rule shows in the tokens that it refuses. */
const TOKEN_SETTINGS: UnreadKind = {
  what: 'settings of tokens',
  changes: 'which keys sign tokens, where requests carry them, and which parts of them services receive',
  of(object) {
    if (!isOfKind(object, 'RequestAuthentication')) return undefined;
    const rules = (object.spec?.jwtRules ?? []).map(({ audiences: _, spaceDelimitedClaims: _words, timeout: _timeout, ...rule }) => rule);
    return { part: rules, changeAlone: true, reaches: [] };
  },
};

/** The kinds of Istio's security group. */
export const SECURITY: UnreadKinds = {
  'security.istio.io/AuthorizationPolicy': taken('AuthorizationPolicy', 'which calls are allowed'),
  'security.istio.io/RequestAuthentication': [
    ...taken('RequestAuthentication', 'which tokens are required and accepted'), TOKEN_SETTINGS,
  ],
  'security.istio.io/PeerAuthentication': [{
    what: 'PeerAuthentication',
    changes: 'whether connections in plaintext are accepted',
    of(object, known) {
      const targets = targetsOf(object, known);
      // It does not apply to connections from outside the mesh to a gateway.
      const reaches = targets.map((pods): Reach => ({ side: 'taking', proxies: 'sidecar', withoutAutomaticTls: true, ...pods }));
      return { part: contentOf(object), reaches, isReadInbound: true };
    },
  }],
};
