import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What an App writes into its folder when cdk8s validates its output. */
const MARK = 'construct-metadata.json';

/**
 * The files of each App or MeshEnvironment, by its folder. An App may write folders below its own: one per chart, or those of
 * `RolloutOrder.fluxFolders()`. A file that no App wrote belongs to the App in whose folder it is, else it counts with its neighbors.
 */
export function byAppFolder(files: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const apps = new Map<string, string | undefined>();
  const appOf = (folder: string): string | undefined => {
    if (!apps.has(folder)) {
      const above = dirname(folder);
      apps.set(folder, existsSync(join(folder, MARK)) ? folder : above === folder ? undefined : appOf(above));
    }
    return apps.get(folder);
  };
  const folders = new Map<string, string[]>();
  for (const file of files) {
    const folder = appOf(dirname(file)) ?? dirname(file);
    const others = folders.get(folder);
    if (others) others.push(file);
    else folders.set(folder, [file]);
  }
  return folders;
}
