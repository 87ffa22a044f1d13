// Adopts the manifests below some folders, and prints what stays plain and why: `measure.ts FOLDER...`. Without a folder: Istio's module.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { countAdopted } from './counts';
import { adoptFiles } from './foreign-sets';
import { compareConfigurations } from './same-configuration';
import { loadManifests } from '../../src/manifest/loader';
import type { ForeignFile } from '../foreign/corpus';
import { foreignFiles } from '../foreign/corpus';

function filesBelow(folder: string): ForeignFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => /\.ya?ml$/.test(name)).sort();
  return names.flatMap(name => {
    try {
      return [{ path: name, objects: loadManifests([join(folder, name)]).objects }];
    } catch {
      return []; // a template of Helm, or no manifest
    }
  });
}

async function main(folders: readonly string[]): Promise<void> {
  const { sets, wrong } = await adoptFiles(folders.length === 0 ? foreignFiles(1) : folders.flatMap(filesBelow));
  const { all, lifted, reasons } = countAdopted(sets);
  console.log(`${sets.length} sets, ${lifted} of ${all} VirtualServices as constructs`);
  for (const [reason, objects] of reasons) console.log(`${String(objects.length).padStart(5)}  ${reason}\n         ${objects.slice(0, 6).join('\n         ')}`);
  const { proxies, same, otherForm, wrong: mismatches } = await compareConfigurations(sets);
  console.log(`istiod sends the same to ${same} of ${proxies} proxies`);
  for (const text of otherForm) console.log(`  other form: ${text}`);
  const unproven = sets.flatMap(({ name, adoption }) => adoption.differences.map(({ text }) => `${name}: ${text}`));
  const unstable = sets.filter(({ isStable }) => !isStable).map(({ name }) => `${name}: a second run differs`);
  for (const text of [...wrong, ...unproven, ...unstable, ...mismatches]) console.log(`WRONG ${text}`);
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.stack);
  process.exitCode = 1;
});
