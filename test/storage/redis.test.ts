import { createClient } from '@keyv/redis';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import {
  freePort,
  type OwnServer,
  programPath,
  selfSignedCertificate,
  startRedis,
} from '../../sandbox/store-servers.ts';
import { storageCheck } from '../../src/health/checks/storage-check.ts';
import { connectRedis, createRedisClient } from '../../src/storage/backends/redis-client.ts';
import { compareAndWrite, createRedisTexts } from '../../src/storage/backends/redis-texts.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { StorageError } from '../../src/storage/record-store.ts';
import type { Storage } from '../../src/storage/storage.ts';

const isThere = programPath('redis-server') !== undefined;
if (!isThere) it.skip('Redis in many forms: install redis-server to run these tests', () => {});

/** Sends commands to a server, as its operator would. */
async function operate(url: string, ...commands: string[][]): Promise<unknown[]> {
  const client = createClient({ url });
  client.on('error', () => {});
  await client.connect();
  try {
    const replies: unknown[] = [];
    for (const command of commands) replies.push(await client.sendCommand(command));
    return replies;
  } finally {
    client.destroy();
  }
}

/** What a failed start says last, and what the doctor says. */
async function refusal(url: string): Promise<{ start: string; doctor: string }> {
  const error = await openStorage({ url, keys: [] }).then(
    (storage) => storage.close(),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StorageError);
  const result = await storageCheck({ open: () => openStorage({ url, keys: [] }), place: 'the server' }).run();
  if (result.kind !== 'fail') throw new Error(`the doctor is content: ${result.message}`);
  const { message } = error as StorageError;
  expect(message).not.toMatch(/\n|127\.0\.0\.1|hunter2|:100|\bada\b/);
  return { start: message, doctor: `${result.message} > ${result.remedy}` };
}

async function expectRefusal(url: string, pattern: RegExp): Promise<void> {
  const { start, doctor } = await refusal(url);
  for (const text of [start, doctor]) {
    expect(text).toMatch(/STORAGE_URL/);
    expect(text).toMatch(pattern);
  }
}

/** Starts a server for one test. */
async function redisForTest(settings: readonly string[] = []): Promise<OwnServer> {
  const server = await startRedis(settings);
  onTestFinished(() => server.stop());
  return server;
}

async function open(url: string): Promise<Storage> {
  const storage = await openStorage({ url, keys: [] });
  onTestFinished(() => storage.close());
  return storage;
}

describe.runIf(isThere)('a Redis that does not do all that the bot asks of it is refused, by name:', () => {
  it('one where several commands are disabled', async () => {
    const { port } = await redisForTest(['rename-command EVAL ""', 'rename-command ZRANGEBYLEX ""']);
    await expectRefusal(
      `redis://127.0.0.1:${port}`,
      /ZRANGEBYLEX \(unknown to it\), EVAL \(unknown to it\).*Redis 6\.0 or newer/,
    );
  });

  describe('with access rules', () => {
    let server: OwnServer;
    let administrator: string;
    beforeAll(async () => {
      server = await startRedis();
      administrator = `redis://127.0.0.1:${server.port}`;
    });
    afterAll(() => server.stop());
    const userUrl = () => `redis://ada:hunter2@127.0.0.1:${server.port}/0`;
    const allow = (...rules: string[]) =>
      operate(administrator, ['FLUSHALL'], ['ACL', 'SETUSER', 'ada', 'reset', 'on', '>hunter2', ...rules]);

    it.each('get mget set del pttl zadd zrem zrangebylex zrangebyscore eval ping'.split(' '))(
      'that forbid %s',
      async (command) => {
        await allow('~openticket:*', '+@all', `-${command}`);
        await expectRefusal(userUrl(), new RegExp(`${command.toUpperCase()}\\b.*NOPERM.*\\+${command}\\b`));
      },
    );

    it('that forbid writing', async () => {
      await allow('~*', '+@all', '-@write');
      await expectRefusal(userUrl(), /SET \(NOPERM\).*DEL \(NOPERM\).*ACL SETUSER <user> .*\+set .*\+del/);
    });

    it('that forbid the keys of the bot', async () => {
      await allow('~tickets:*', '+@all');
      await expectRefusal(userUrl(), /NOPERM.*~openticket:\*/);
    });

    it('but one that allows what docs/storage.md lists is taken', async () => {
      await allow('~openticket:*', ...'+get +mget +set +del +pttl +zadd +zrem +zrangebylex +zrangebyscore'.split(' '));
      await operate(administrator, ['ACL', 'SETUSER', 'ada', '+eval', '+ping', '+config|get', '+info']);
      const storage = await open(userUrl());
      await storage.check();
      expect(storage.warnings).toEqual([]);
    });

    it('and one that hides the eviction policy is taken with a warning, in the log and in the doctor', async () => {
      await allow('~openticket:*', '+@all', '-config', '-info');
      const lines: unknown[] = [];
      const storage = await openStorage({
        url: userUrl(),
        keys: [],
        log: { warn: (line: unknown) => lines.push(line) },
      });
      await storage.close();
      expect(lines).toEqual([
        expect.stringMatching(/store is empty.*right for the first start/),
        expect.stringMatching(/does not say whether it evicts.*noeviction/),
      ]);
      const check = storageCheck({ open: () => openStorage({ url: userUrl(), keys: [] }), place: 'the server' });
      expect(await check.run()).toMatchObject({ kind: 'warn', message: expect.stringContaining('evicts') });
    });
  });

  it('a read-only replica', async () => {
    const primary = await redisForTest();
    const replica = await redisForTest([`replicaof 127.0.0.1 ${primary.port}`]);
    await expectRefusal(`redis://127.0.0.1:${replica.port}`, /read-only replica \(READONLY\).*primary/);
  });

  it('one that has no memory left', async () => {
    const { port } = await redisForTest(['maxmemory 1']);
    await expectRefusal(`redis://127.0.0.1:${port}`, /memory is full \(OOM\).*maxmemory/);
  });

  it('one in cluster mode', async () => {
    const { port } = await redisForTest(['cluster-enabled yes']);
    await expectRefusal(`redis://127.0.0.1:${port}`, /cluster mode \(CLUSTERDOWN\).*not supported/);
  });

  it('and what was tried leaves nothing behind', async () => {
    const { port } = await redisForTest();
    const url = `redis://127.0.0.1:${port}`;
    await (await openStorage({ url, keys: [] })).close();
    expect(await operate(url, ['KEYS', '*'])).toEqual([['openticket::store']]);
  });
});

describe.runIf(isThere)('a Redis that evicts', () => {
  it.each(['allkeys-lru', 'volatile-ttl', 'allkeys-random'])('is refused: %s', async (policy) => {
    const { port } = await redisForTest([`maxmemory-policy ${policy}`]);
    await expectRefusal(`redis://127.0.0.1:${port}`, new RegExp(`maxmemory-policy ${policy}.*noeviction`));
  });

  it('is refused where CONFIG is forbidden, too', async () => {
    const { port } = await redisForTest(['maxmemory-policy allkeys-lfu', 'rename-command CONFIG ""']);
    await expectRefusal(`redis://127.0.0.1:${port}`, /maxmemory-policy allkeys-lfu.*noeviction/);
  });
});

describe.runIf(isThere)('what an operator got wrong is named with its cause:', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startRedis(['requirepass 100%sure']);
  });
  afterAll(() => server.stop());
  const host = () => `127.0.0.1:${server.port}`;

  it('no password', () => expectRefusal(`redis://${host()}`, /NOAUTH.*redis:\/\/:password@host/));
  it('a wrong password', () => expectRefusal(`redis://:hunter2@${host()}`, /WRONGPASS.*%25/));
  it('a wrong user', () => expectRefusal(`redis://ada:hunter2@${host()}/0`, /WRONGPASS/));
  it('a password without its colon', () =>
    expectRefusal(`redis://hunter2@${host()}`, /WRONGPASS.*redis:\/\/:password@/));
  it('a database that is not there', () =>
    expectRefusal(`redis://:100%25sure@${host()}/99`, /DB index is out of range/));
  it('TLS to a server without it', () => expectRefusal(`rediss://:100%25sure@${host()}`, /TLS.*redis:\/\//));

  it('a password where the server has none', async () => {
    const { port } = await redisForTest();
    await expectRefusal(`redis://:hunter2@127.0.0.1:${port}`, /without any password configured/);
  });

  it('a port on which nobody listens', async () => {
    const port = await freePort();
    await expectRefusal(`redis://:hunter2@127.0.0.1:${port}`, /ECONNREFUSED.*Look at STORAGE_URL: host and port/);
  });

  it('a host that does not exist', () => expectRefusal('redis://:hunter2@redis.invalid', /ENOTFOUND|EAI_AGAIN/));

  it('but a password that is encoded as it should be works', async () => {
    await (await open(`redis://:100%25sure@${host()}/0`)).check();
  });
});

describe('an address with a password that is not encoded is refused with the way to write it:', () => {
  it.each([
    'redis://:100%sure@127.0.0.1:6379',
    'redis://ada:%@127.0.0.1',
    'redis://:hunter2%ff@127.0.0.1',
    'redis://:hunter2#1@127.0.0.1:6379/0',
    'redis://:hunter2/1@127.0.0.1:6379/0',
    'redis://ada:12/hunter2@127.0.0.1:6379/0',
    'redis://ada:12?hunter2@127.0.0.1:6379/0',
    'redis://ada:12#hunter2@127.0.0.1:6379/0',
    'redis://ada:hunter2[@127.0.0.1:port/0',
    'redis://127.0.0.1:6379/tickets',
    'rediss://:100%sure@127.0.0.1:6379',
  ])('%s', (url) => expectRefusal(url, /STORAGE_URL.*% as %25/));
});

const hasOpenssl = programPath('openssl') !== undefined;
if (!hasOpenssl) it.skip('Redis over TLS: install openssl to run these tests', () => {});

describe.runIf(isThere && hasOpenssl)('a Redis over TLS', () => {
  let server: OwnServer;
  let tlsPort: number;
  beforeAll(async () => {
    const plain = await startRedis();
    tlsPort = await freePort();
    const { key, certificate } = await selfSignedCertificate(plain.folder);
    const tls = [`tls-port ${tlsPort}`, `tls-cert-file ${certificate}`, `tls-key-file ${key}`, 'tls-auth-clients no'];
    server = await startRedis([...tls, `tls-ca-cert-file ${certificate}`, 'port 0']);
    const stop = server.stop;
    server = { ...server, stop: () => Promise.all([stop(), plain.stop()]).then(() => {}) };
  });
  afterAll(() => server.stop());

  it('whose certificate nobody vouches for is named so, with the code', () =>
    expectRefusal(`rediss://127.0.0.1:${tlsPort}`, /DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/));

  it('that is spoken to without TLS says so', () =>
    expectRefusal(`redis://127.0.0.1:${tlsPort}`, /closes the connection.*rediss:\/\//));
});

describe.runIf(isThere)("one person's records are found by an index", () => {
  let server: OwnServer;
  let url: string;
  const texts = (storage: Storage) => storage.records('texts', z.string());
  beforeAll(async () => {
    server = await startRedis();
    url = `redis://127.0.0.1:${server.port}`;
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    await operate(url, ['FLUSHALL']);
  });

  /** How many times each command was called. */
  async function calls(): Promise<Record<string, number>> {
    const [info] = await operate(url, ['INFO', 'commandstats']);
    const found = String(info).matchAll(/^cmdstat_([a-z]+):calls=(\d+)/gm);
    return Object.fromEntries([...found].map(([, name, count]) => [name, Number(count)]));
  }

  async function keysBelow(storage: Storage, prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const [key] of texts(storage).entries(prefix)) keys.push(key);
    return keys;
  }

  it('and removed, with as many commands beside ten thousand of others as beside none', async () => {
    const storage = await open(url);
    const commandsOf = async (run: () => Promise<void>) => {
      await operate(url, ['CONFIG', 'RESETSTAT']);
      await run();
      const { ping: _, config: __, client: ___, info: ____, ...rest } = await calls();
      return rest;
    };
    const listAndRemove = async () => {
      for (const key of ['ada/1', 'ada/2']) await texts(storage).save(key, 'text');
      const listing = await commandsOf(async () => {
        expect(await keysBelow(storage, 'ada/')).toEqual(['ada/1', 'ada/2']);
      });
      const removing = await commandsOf(async () => {
        expect(await texts(storage).removeAll('ada/')).toBe(2);
      });
      return { listing, removing };
    };
    const alone = await listAndRemove();
    expect(alone).toEqual({
      listing: { zrangebylex: 1, mget: 1 },
      removing: { zrangebylex: 1, eval: 1, get: 1, del: 2, zrem: 4 },
    });
    for (let page = 0; page < 10; page += 1) {
      const keys = Array.from({ length: 1000 }, (_, index) => `person-${page}/${index}`);
      await Promise.all(keys.map((key) => texts(storage).save(key, 'text')));
    }
    expect(await listAndRemove()).toEqual(alone);
  });

  it('and the names of what has expired are swept away, page by page, and of nothing else', async () => {
    const storage = await open(url);
    const short = Array.from({ length: 450 }, (_, index) => `short/${index}`);
    await Promise.all(short.map((key) => texts(storage).save(key, 'text', 60_000)));
    await texts(storage).save('kept/long', 'text', 600_000);
    await texts(storage).save('kept/ever', 'text', 60_000);
    await texts(storage).save('kept/ever', 'text');
    // As if their time were over: the server's clock cannot be moved.
    await operate(url, ...short.map((key) => ['DEL', `openticket:texts:${key}`]));
    await operate(url, ...['kept/long', ...short].map((key) => ['ZADD', 'openticket::expiry', '1', `texts:${key}`]));
    await storage.sweep();
    const [names, expiry] = await operate(
      url,
      ['ZRANGE', 'openticket::keys:texts', '0', '-1'],
      ['ZRANGE', 'openticket::expiry', '0', '-1'],
    );
    expect(names).toEqual(['kept/ever', 'kept/long']);
    expect(expiry).toEqual(['texts:kept/long']);
    await storage.sweep();
    expect(await keysBelow(storage, 'kept/')).toEqual(['kept/ever', 'kept/long']);
  });

  it('and a record that is taken, removed or replaced is in it no longer than itself', async () => {
    const storage = await open(url);
    await texts(storage).save('ada/taken', 'text', 60_000);
    await texts(storage).save('ada/removed', 'text', 60_000);
    await texts(storage).insert('ada/inserted', 'text', 60_000);
    await texts(storage).update('ada/inserted', (text) => `${text}, changed`);
    await texts(storage).take('ada/taken');
    await texts(storage).remove('ada/removed');
    expect(await operate(url, ['ZRANGE', 'openticket::keys:texts', '0', '-1'])).toEqual([['ada/inserted']]);
    expect(await operate(url, ['ZRANGE', 'openticket::expiry', '0', '-1'])).toEqual([['texts:ada/inserted']]);
    expect(await texts(storage).removeAll('ada/')).toBe(1);
    expect(await operate(url, ['KEYS', '*'])).toEqual([['openticket::store']]);
  });
});

describe.runIf(isThere)('a change of several records', () => {
  it.each([
    ['changed', 'SET', 'text', 'other'],
    ['removed', 'DEL', 'text'],
    ['written', 'SET', 'none', 'other'],
  ])('is refused whole when one that was only read was %s meanwhile, and then decides anew', async (_, ...command) => {
    const server = await redisForTest();
    const url = `redis://127.0.0.1:${server.port}`;
    const client = createRedisClient(url);
    await connectRedis(client);
    onTestFinished(() => client.close());
    const records = ['changed', 'text', 'none'].map((key) => ({ namespace: 'texts', key }));
    await operate(url, ['SET', 'openticket:texts:text', 'text'], ['SET', 'openticket:texts:changed', 'before']);
    const { read } = createRedisTexts(client);
    const expected = await read(records);
    const write = (texts: typeof expected) => {
      const changes = [{ text: 'after' }, undefined, undefined];
      const writes = records.map((record, index) => ({
        record,
        expected: { text: texts[index] },
        change: changes[index],
      }));
      return compareAndWrite(client, writes);
    };

    const [verb = '', name, ...rest] = command;
    await operate(url, [verb, `openticket:texts:${name}`, ...rest]);
    expect(await write(expected)).toBeUndefined();
    expect(await operate(url, ['GET', 'openticket:texts:changed'])).toEqual(['before']);
    expect(await write(await read(records))).toBe(0);
    expect(await operate(url, ['GET', 'openticket:texts:changed'])).toEqual(['after']);
  });

  it('decides again after each race that is lost, and is one step of the server for readers', async () => {
    const server = await redisForTest();
    const client = createRedisClient(`redis://127.0.0.1:${server.port}`);
    await connectRedis(client);
    onTestFinished(() => client.close());
    const records = ['a', 'b'].map((key) => ({ namespace: 'texts', key }));
    const { change, read } = createRedisTexts(client);
    const seen: unknown[] = [];
    await change(
      records,
      (current) => {
        seen.push(current);
        // Sent on the same connection, so that the server has it before what follows from this decision.
        if (seen.length < 3) void client.set('openticket:texts:b', `other ${seen.length}`);
        return [{ text: `decided on ${current[1]}` }];
      },
      () => false,
    );
    expect(seen).toEqual([
      [undefined, undefined],
      [undefined, 'other 1'],
      [undefined, 'other 2'],
    ]);
    expect(await read(records)).toEqual(['decided on other 2', 'other 2']);
  });

  it('that is too late writes nothing', async () => {
    const server = await redisForTest();
    const client = createRedisClient(`redis://127.0.0.1:${server.port}`);
    await connectRedis(client);
    onTestFinished(() => client.close());
    const records = [{ namespace: 'texts', key: 'a' }];
    const { change, read } = createRedisTexts(client);
    await expect(
      change(
        records,
        () => [{ text: 'late' }],
        () => true,
      ),
    ).rejects.toThrow(StorageError);
    expect(await read(records)).toEqual([undefined]);
  });
});
