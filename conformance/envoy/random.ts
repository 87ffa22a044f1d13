export { seeded } from '../../src/simulator/load/random';
