import { Backend } from '../../conformance/envoy/backend';
import { load, send } from '../../conformance/envoy/load';
import { isOver, waitBefore } from '../../src/simulator/load/pace';
import { seeded } from '../../src/simulator/load/random';

const started: Backend[] = [];

async function start(options: Partial<Parameters<typeof Backend.start>[0]> = {}): Promise<Backend> {
  const backend = await Backend.start({ name: 'pod', ...options });
  started.push(backend);
  return backend;
}

afterEach(() => Promise.all(started.splice(0).map(backend => backend.stop())));

test('a seed results in the same numbers, evenly from 0 to 1', () => {
  const [a, b, c] = [1, 1, 2].map(seed => Array.from({ length: 1000 }, seeded(seed)));
  expect(a).toEqual(b);
  expect(a).not.toEqual(c);
  expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...a)).toBeLessThan(1);
  expect(a.reduce((sum, n) => sum + n) / 1000).toBeCloseTo(0.5, 1);
});

test('a backend records what it receives and fails its share by its seed', async () => {
  const statuses = async () => {
    const backend = await start({ errorRate: 0.75, errorCode: 503, seed: 3 });
    const { samples } = await load({
      to: backend,
      host: 'shop',
      path: '/items',
      headers: { 'x-cohort': 'internal' },
      callers: 1,
      count: 100,
      seed: 1,
    });
    expect(backend.requests[0]).toMatchObject({ method: 'GET', path: '/items', host: 'shop', headers: { 'x-cohort': 'internal' } });
    return samples.map(({ status }) => status);
  };
  const first = await statuses();
  expect(await statuses()).toEqual(first);
  expect(first.filter(status => status === 503).length).toBeGreaterThan(60);
});

test('a count is split among the callers, the first takes the rest, and a warm-up is not counted', async () => {
  const backend = await start();
  const { samples, statuses } = await load({ to: backend, host: 'shop', callers: 3, count: 11, warmUp: true, seed: 1 });
  expect([0, 1, 2].map(caller => samples.filter(sample => sample.caller === caller).length)).toEqual([5, 3, 3]);
  expect(statuses).toEqual({ 200: 11 });
  expect(backend.count).toBe(14);
});

test('a caller keeps its connection, and opens another after a failure', async () => {
  const ports = async (errorRate: number) => {
    const backend = await start({ errorRate });
    await load({ to: backend, host: 'shop', callers: 2, count: 10, seed: 1 });
    return new Set(backend.requests.map(({ from }) => from)).size;
  };
  expect(await ports(0)).toBe(2);
  expect(await ports(1)).toBe(10);
});

test('a caller that is ahead waits until its next call is due, 10 % more or less', () => {
  const pace = { calls: 20, rate: 20, seconds: 1 };
  // The schedule is stretched so that the last call is at the end: 50 ms * 20 / 19.
  expect(waitBefore(pace, 1, 10)).toBeCloseTo(1000 / 19 - 10);
  expect(waitBefore(pace, 19, 990)).toBeCloseTo(10);
  expect(waitBefore(pace, 1, 10, () => 0)).toBeCloseTo((1000 / 19 - 10) * 0.9);
  expect(waitBefore(pace, 1, 10, () => 1)).toBeCloseTo((1000 / 19 - 10) * 1.1);
  expect(waitBefore({ calls: 20, rate: 20 }, 1, 10)).toBeCloseTo(40);
  expect(waitBefore({ calls: 20, rate: 0 }, 1, 10)).toBe(0);
});

test('a caller that is behind continues at once until it has caught up, and stops when the time is over', () => {
  const pace = { calls: 20, rate: 20, seconds: 1 };
  expect(waitBefore(pace, 5, 700, () => 1)).toBe(0);
  expect(waitBefore(pace, 14, 700)).toBeGreaterThan(0);
  expect(isOver(pace, 10, 1001)).toBe(true);
  expect(isOver(pace, 10, 999)).toBe(false);
  // At least two calls, and the last one is sent even after the end of the time.
  expect(isOver(pace, 1, 5000)).toBe(false);
  expect(isOver(pace, 19, 5000)).toBe(false);
  expect(isOver(pace, 20, 0)).toBe(true);
});

test('a load without a required option throws', async () => {
  const backend = await start();
  await expect(load({ to: backend, host: 'shop', callers: 1, seed: 1 })).rejects.toThrow('either seconds or count');
  await expect(load({ to: backend, host: 'shop', callers: 1, seconds: 1, seed: 1 })).rejects.toThrow('requires a rate');
});

test('a connection that breaks is an error', async () => {
  const backend = await start();
  const to = { host: backend.host, port: backend.port };
  await backend.stop();
  await expect(send({ to, host: 'shop' })).rejects.toThrow('ECONNREFUSED');
});
