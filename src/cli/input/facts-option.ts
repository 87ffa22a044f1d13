import type { ClusterFacts } from '../../cluster/cluster-facts';
import { RefusedFacts } from '../../cluster/cluster-facts';
import { loadClusterFacts } from '../../cluster/facts-file';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** What the cluster has beside the input, as `--facts` and `--complete` state it. */
export function factsFrom(given: Arguments): ClusterFacts {
  const complete = given.is('complete') ? { complete: true } : {};
  const files = given.all('facts');
  if (files.length === 0) return { objects: [], ...complete };
  try {
    return { ...loadClusterFacts(files, '--facts'), ...complete };
  } catch (error) {
    if (error instanceof RefusedFacts) throw new UsageError(error.message);
    throw error;
  }
}
