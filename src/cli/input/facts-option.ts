import type { LoadedFacts } from '../../cluster/cluster-facts';
import { RefusedFacts } from '../../cluster/cluster-facts';
import { loadClusterFacts } from '../../cluster/facts-file';
import type { Arguments } from '../arguments';
import { UsageError } from '../usage-error';

/** The cluster facts of `--facts` and `--complete`. */
export function factsFrom(given: Arguments): LoadedFacts {
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
