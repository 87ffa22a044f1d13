// Writes what the README shows of the command line, and its picture.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PICTURE, tour, withTour } from '../test/cli/tour';

const readme = join(__dirname, '../README.md');
const { text, picture } = tour();
writeFileSync(readme, withTour(readFileSync(readme, 'utf8'), text));
writeFileSync(PICTURE, picture);
