import { Backend } from '../../conformance/envoy/backend';
import { load, send } from '../../conformance/envoy/load';
import { seeded } from '../../conformance/envoy/random';

const started: Backend[] = [];

async function start(options: Partial<Parameters<typeof Backend.start>[0]> = {}): Promise<Backend> {
  const backend = await Backend.start({ name: 'pod', ...options });
  started.push(backend);
  return backend;
}

afterEach(() => Promise.all(started.splice(0).map(backend => backend.stop())));

test('a seed gives the same numbers, evenly from 0 to 1', () => {
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
    const { samples } = await load({ to: backend, host: 'shop', path: '/items', headers: { 'x-cohort': 'internal' }, callers: 1, count: 100, seed: 1 });
    expect(backend.requests[0]).toMatchObject({ method: 'GET', path: '/items', host: 'shop', headers: { 'x-cohort': 'internal' } });
    return samples.map(({ status }) => status);
  };
  const first = await statuses();
  expect(await statuses()).toEqual(first);
  expect(first.filter(status => status === 503).length).toBeGreaterThan(60);
});

test('a count is split over the callers, the first takes the rest, and a warm-up is not counted', async () => {
  const backend = await start();
  const { samples, statuses } = await load({ to: backend, host: 'shop', callers: 3, count: 11, warmUp: true, seed: 1 });
  expect([0, 1, 2].map(caller => samples.filter(sample => sample.caller === caller).length)).toEqual([5, 3, 3]);
  expect(statuses).toEqual({ 200: 11 });
  expect(backend.count).toBe(14);
});

test('a caller keeps its connection, and makes another after a failure', async () => {
  const ports = async (errorRate: number) => {
    const backend = await start({ errorRate });
    await load({ to: backend, host: 'shop', callers: 2, count: 10, seed: 1 });
    return new Set(backend.requests.map(({ from }) => from)).size;
  };
  expect(await ports(0)).toBe(2);
  expect(await ports(1)).toBe(10);
});

test('a caller that is ahead sleeps until its next call is due, 10 % more or less', async () => {
  const backend = await start();
  const { samples } = await load({ to: backend, host: 'shop', callers: 1, rate: 20, seconds: 1, jitter: true, seed: 1 });
  expect(samples).toHaveLength(20);
  // The plan is stretched so that the last call falls on the end: 50 ms * 20 / 19. Every sleep makes up for the one before.
  samples.forEach(({ at }, i) => {
    expect(at).toBeGreaterThan(i * 1000 / 19 - 6);
    expect(at).toBeLessThan(i * 1000 / 19 + 150);
  });
});

test('a caller that is behind goes on at once until it has caught up, and stops when the time is over', async () => {
  const backend = await start({ delayMs: 100 });
  const { samples } = await load({ to: backend, host: 'shop', callers: 1, rate: 20, seconds: 1, seed: 1 });
  expect(samples.length).toBeGreaterThan(5);
  expect(samples.length).toBeLessThan(12);
  const pauses = samples.slice(1).map((sample, i) => sample.at - samples[i].at - samples[i].took).sort((a, b) => a - b);
  expect(pauses[Math.floor(pauses.length / 2)]).toBeLessThan(20);
});

test('a load says what it needs', async () => {
  const backend = await start();
  await expect(load({ to: backend, host: 'shop', callers: 1, seed: 1 })).rejects.toThrow('either seconds or count');
  await expect(load({ to: backend, host: 'shop', callers: 1, seconds: 1, seed: 1 })).rejects.toThrow('takes a rate');
});

test('a connection that breaks is an error', async () => {
  const backend = await start();
  const to = { host: backend.host, port: backend.port };
  await backend.stop();
  await expect(send({ to, host: 'shop' })).rejects.toThrow('ECONNREFUSED');
});
