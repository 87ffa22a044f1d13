import type { AccessVerdict } from './verdict';
import { ALLOWED } from './verdict';
import type { Share } from '../route-plan';

/** Shares with what the pods of each decide, and whether that is known of all of them. */
export interface JudgedShares {
  readonly shares: readonly Share[];
  readonly isRead: boolean;
}

/** Asks the pods of each share that reaches some. */
export function sharesWithAccess(split: readonly Share[], ask: (share: Share) => AccessVerdict | undefined): JudgedShares {
  let isRead = true;
  const shares = split.map(share => {
    const access = share.host === undefined || share.reception !== 'routed' ? ALLOWED : ask(share);
    if (access === undefined) isRead = false;
    if (access === undefined || access === ALLOWED) return share;
    return { ...share, access, reception: access.outcome === 'allowed' ? share.reception : access.outcome };
  });
  return { shares, isRead };
}
