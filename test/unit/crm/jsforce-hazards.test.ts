import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createSalesforceCrm } from '../../../src/crm/salesforce/create-salesforce-crm.ts';
import { query } from '../../../src/crm/salesforce/query.ts';
import { createSession } from '../../../src/crm/salesforce/session.ts';
import { isOneOf, literal } from '../../../src/crm/salesforce/soql.ts';
import type { AceSyncError } from '../../../src/errors.ts';
import {
  idOf,
  opportunityFields,
  type Reply,
  rowsOf,
  type Seen,
  startTinySalesforce,
  type TinySalesforce,
} from './tiny-salesforce.ts';

/**
 * Each test shows a hazard of bare jsforce, in a process of its own, and that the sync does not have it. When an upgrade
 * of jsforce makes the first half fail, the hazard is gone and the comment in the source may go too.
 */

const open: TinySalesforce[] = [];
after(() => Promise.all(open.map((server) => server.close())));

async function start(answer: (request: Seen) => Reply | undefined) {
  const server = await startTinySalesforce(answer, { Opportunity: opportunityFields });
  open.push(server);
  return server;
}

/** Runs a script with bare jsforce; `conn` is a connection to the server. Killed after `limitMs`. */
async function bareJsforce(
  server: TinySalesforce,
  script: string,
  {
    limitMs = 8_000,
    config = '',
    env = {},
    preload = '',
  }: { limitMs?: number; config?: string; env?: Record<string, string>; preload?: string } = {},
): Promise<{ readonly ended: 'by itself' | 'crashed' | 'never'; readonly output: string; readonly errors: string }> {
  const source = `
    process.stderr.write('ready');
    ${preload}
    const { default: jsforce } = await import('jsforce');
    const conn = new jsforce.Connection({ instanceUrl: '${server.url}', accessToken: 't', ${config} });
    ${script}
    process.exit(0);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  // The time limit is for what jsforce does, not for starting a process on a busy machine.
  let timer: NodeJS.Timeout | undefined;
  child.stderr.once('data', () => {
    timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
  });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += chunk));
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (code, signal) => resolve([code, signal])),
  );
  clearTimeout(timer);
  return { ended: signal === 'SIGKILL' ? 'never' : code === 0 ? 'by itself' : 'crashed', output, errors };
}

const isQuery = (request: Seen) => request.url.pathname.endsWith('/query') && !isLogin(request);
const isLogin = (request: Seen) => (request.url.searchParams.get('q') ?? '').includes('FROM Organization');
const cutBody = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
  response.write('{"records":[');
  setTimeout(() => response.destroy(), 20);
};
const soql = 'SELECT Id FROM Opportunity';

test('a body that is cut short ends as a clean retryable error, not as a crash', async () => {
  const server = await start((request) => (isQuery(request) ? cutBody : undefined));
  const bare = await bareJsforce(server, `try { await conn.query('${soql}') } catch { console.log('clean') }`);
  assert.notEqual(bare.output.trim(), 'clean');
  const session = createSession(server.options());
  await assert.rejects(query(session, 'query', soql), (error: AceSyncError) => error.code === 'CRM_UNAVAILABLE');
});

test('a server that never answers is given up after the time limit', async () => {
  const server = await start((request) => (isQuery(request) ? () => {} : undefined));
  const bare = await bareJsforce(server, `await conn.query('${soql}')`, { limitMs: 2_000 });
  assert.equal(bare.ended, 'never');
  const session = createSession(server.options({ requestTimeoutMs: 150 }));
  await assert.rejects(query(session, 'query', soql), /CRM does not answer.*150 ms/);
});

test('Retry-After reaches the caller', async () => {
  const server = await start((request) =>
    request.method === 'PATCH' ? { status: 503, headers: { 'retry-after': '7' }, json: [] } : undefined,
  );
  const bare = await bareJsforce(
    server,
    `try { await conn.upsert('Opportunity', [{ ACE_Id__c: 'O1' }], 'ACE_Id__c') } catch (error) { console.log(JSON.stringify(error)) }`,
  );
  assert.equal(bare.output.includes('7'), false);
  const crm = createSalesforceCrm(server.options());
  await assert.rejects(
    crm.write('opportunity', { externalId: 'ACE_Id__c', value: 'O1' }, { Name: 'n' }),
    (error: AceSyncError) => error.code === 'CRM_UNAVAILABLE' && error.retryAfterMs === 7_000,
  );
});

test('a request is sent once: repeating is left to Temporal, which shows it', async () => {
  const server = await start((request) => (isQuery(request) ? { status: 503, json: [] } : undefined));
  await bareJsforce(server, `await conn.query('${soql}')`, { limitMs: 2_000 });
  assert.ok(server.seen.length > 1);
  const session = createSession(server.options());
  await session.identity();
  const before = server.requests('/query').length;
  await assert.rejects(query(session, 'query', soql));
  assert.equal(server.requests('/query').length - before, 1);
});

test('a session that stays refused is renewed once and not for ever', async () => {
  const refused: Reply = {
    status: 401,
    json: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }],
  };
  const server = await start((request) => (isQuery(request) ? refused : undefined));
  await bareJsforce(server, `await conn.query('${soql}')`, {
    limitMs: 2_000,
    config: `refreshFn: (conn, callback) => callback(null, 'again'),`,
  });
  assert.ok(server.requests('/query').length > 50);
  const session = createSession(server.options());
  await assert.rejects(query(session, 'query', soql), (error: AceSyncError) => error.code === 'CRM_LOGIN_REFUSED');
  assert.equal(server.requests('/oauth2/token').length, 2);
});

test('an expired session is renewed with client credentials, which give no refresh token', async () => {
  let expired = true;
  const server = await start((request) => {
    if (!isQuery(request) || !expired) return undefined;
    expired = false;
    return { status: 401, json: [{ errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' }] };
  });
  const bare = await bareJsforce(
    server,
    `try { await conn.query('${soql}') } catch (error) { console.log(error.message) }`,
    {
      config: `loginUrl: '${server.url}', oauth2: { loginUrl: '${server.url}', clientId: 'c', clientSecret: 's' },`,
    },
  );
  assert.match(bare.output, /No refresh token found/);
  expired = true;
  const session = createSession(server.options());
  assert.deepEqual(await query(session, 'query', soql), []);
});

test('the API version is a current one and our name travels along', async () => {
  const server = await start(() => undefined);
  await bareJsforce(server, `await conn.query('${soql}')`);
  assert.match(server.seen.at(-1)?.url.pathname ?? '', /v50\.0/);
  const session = createSession(server.options());
  await query(session, 'query', soql);
  assert.match(server.seen.at(-1)?.url.pathname ?? '', /v62\.0/);
  assert.equal(server.seen.at(-1)?.headers['sforce-call-options'], 'client=ace-sync');
});

test('201 records go out in two calls', async () => {
  const server = await start((request) =>
    request.method === 'PATCH'
      ? { json: rowsOf(request).map((_, index) => ({ id: idOf(index), success: true, created: true, errors: [] })) }
      : undefined,
  );
  await bareJsforce(
    server,
    `await conn.upsert('Opportunity', Array.from({ length: 201 }, (_, i) => ({ ACE_Id__c: 'O' + i })), 'ACE_Id__c')`,
  );
  assert.equal(rowsOf(server.requests('composite')[0] ?? assert.fail()).length, 201);
  const crm = createSalesforceCrm(server.options());
  const before = server.requests('composite').length;
  await Promise.all(
    Array.from({ length: 201 }, (_, index) =>
      crm.write('opportunity', { externalId: 'ACE_Id__c', value: `O${index}` }, {}),
    ),
  );
  const sizes = server
    .requests('composite')
    .slice(before)
    .map((request) => rowsOf(request).length);
  assert.deepEqual(sizes, [200, 1]);
});

test('an empty external id concerns one record, and a field named like the type keeps its value', async () => {
  const server = await startTinySalesforce(
    (request) =>
      request.method === 'PATCH'
        ? { json: rowsOf(request).map((_, index) => ({ id: idOf(index), success: true, created: true, errors: [] })) }
        : undefined,
    { Opportunity: [...opportunityFields, { ...opportunityFields[2], name: 'Type' }] },
  );
  open.push(server);
  const bare = await bareJsforce(
    server,
    `try { await conn.upsert('Opportunity', [{ ACE_Id__c: 'O1' }, { ACE_Id__c: '' }], 'ACE_Id__c') } catch (error) { console.log(error.message) }
     await conn.upsert('Opportunity', [{ ACE_Id__c: 'O1', type: 'New Business' }], 'ACE_Id__c')`,
  );
  assert.match(bare.output, /External ID is not found/);
  assert.equal(server.requests('composite').at(-1)?.body.includes('"type":"New Business"}'), true);
  assert.deepEqual(Reflect.get(rowsOf(server.requests('composite').at(-1) ?? assert.fail())[0] ?? {}, 'attributes'), {
    type: 'New Business',
  });
  const crm = createSalesforceCrm(server.options());
  const [empty, good] = await Promise.all([
    crm.write('opportunity', { externalId: 'ACE_Id__c', value: '' }, { Name: 'n' }),
    crm.write('opportunity', { externalId: 'ACE_Id__c', value: 'O1' }, { type: 'New Business' }),
  ]);
  assert.deepEqual([empty?.kind, good?.kind], ['refused', 'written']);
  const row = rowsOf(server.requests('composite').at(-1) ?? assert.fail())[0];
  assert.deepEqual(row, { ACE_Id__c: 'O1', attributes: { type: 'Opportunity' }, Type: 'New Business' });
});

test('an external id with a slash finds its record', async () => {
  const server = await start((request) =>
    request.method === 'PATCH' && request.url.pathname.includes('composite')
      ? { json: [{ id: idOf(1), success: true, created: false, errors: [] }] }
      : undefined,
  );
  await bareJsforce(server, `try { await conn.upsert('Opportunity', { ACE_Id__c: 'O/1' }, 'ACE_Id__c') } catch {}`);
  assert.match(server.seen.at(-1)?.url.pathname ?? '', /ACE_Id__c\/O\/1$/);
  const crm = createSalesforceCrm(server.options());
  const outcome = await crm.write('opportunity', { externalId: 'ACE_Id__c', value: 'O/1' }, { Name: 'n' });
  assert.equal(outcome.kind, 'written');
});

test('a query gives all its rows, however many', async () => {
  const total = 13_000;
  const page = (from: number) => {
    const records = Array.from({ length: Math.min(2_000, total - from) }, (_, index) => ({ Id: idOf(from + index) }));
    const next = from + records.length;
    return next < total
      ? { totalSize: total, done: false, nextRecordsUrl: `/services/data/v62.0/query/0r8-${next}`, records }
      : { totalSize: total, done: true, records };
  };
  const server = await start((request) => {
    const more = /\/query\/0r8-(\d+)$/.exec(request.url.pathname);
    if (more !== null) return { json: page(Number(more[1])) };
    return isQuery(request) ? { json: page(0) } : undefined;
  });
  const bare = await bareJsforce(
    server,
    `console.log((await conn.query('${soql}', { autoFetch: true })).records.length)`,
  );
  assert.equal(bare.output.trim(), '10000');
  assert.equal((await query(createSession(server.options()), 'query', soql)).length, total);
});

test('an empty list of keys never reads the whole table, and a backslash cannot leave its literal', async () => {
  const server = await start(() => undefined);
  const bare = await bareJsforce(
    server,
    `console.log(await conn.sobject('Lead').find({ Id: { $in: [] } }, 'Id').toSOQL());
     console.log(await conn.sobject('Lead').find({ Company: 'a\\\\' }, 'Id').toSOQL());`,
  );
  const [empty = '', escaped = ''] = bare.output.trim().split('\n');
  assert.equal(empty.includes('WHERE'), false);
  assert.match(escaped, /'a\\'$/);
  assert.throws(() => isOneOf('Id', []), RangeError);
  assert.equal(literal("a\\' OR Name != '"), String.raw`'a\\\' OR Name != \''`);
});

test('loopback is never reached through a proxy', async () => {
  const server = await start(() => undefined);
  const env = { http_proxy: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  await bareJsforce(server, `await conn.query('${soql}')`, { env, limitMs: 2_000 });
  assert.equal(server.seen.length, 0);
  process.env.http_proxy = env.http_proxy;
  try {
    assert.deepEqual(await query(createSession(server.options()), 'query', soql), []);
    assert.deepEqual(await query(createSession(server.options({ proxy: env.http_proxy })), 'query', soql), []);
  } finally {
    delete process.env.http_proxy;
  }
});

test('a write whose answer is lost is repeated without a second record', async () => {
  const stored = new Map<string, number>();
  let lost = true;
  /** Takes the write, and loses the answer to the first one. */
  const answerOf = (key: string, json: unknown): Reply => {
    stored.set(key, (stored.get(key) ?? 0) + 1);
    const loses = lost;
    lost = false;
    return loses ? (response) => response.destroy() : { json };
  };
  const server = await start((request) => {
    const row = { id: idOf(1), success: true, created: true, errors: [] };
    if (request.method === 'POST' && request.url.pathname.endsWith('/sobjects/Opportunity'))
      return answerOf(`new ${stored.size}`, row);
    if (request.method !== 'PATCH') return undefined;
    return answerOf(String(rowsOf(request)[0]?.ACE_Id__c), [row]);
  });
  const bare = await bareJsforce(
    server,
    `const create = () => conn.create('Opportunity', { Name: 'n', ACE_Id__c: 'O1' });
     try { await create() } catch (error) { console.log(error.errorCode ?? 'no code'); await create() }`,
  );
  assert.equal(bare.output.trim(), 'no code', 'nothing says whether the write may be repeated');
  assert.equal(stored.size, 2, 'and repeating it makes a second record');
  stored.clear();
  lost = true;
  const crm = createSalesforceCrm(server.options());
  const write = () => crm.write('opportunity', { externalId: 'ACE_Id__c', value: 'O1' }, { Name: 'n' });
  await assert.rejects(write(), (error: AceSyncError) => error.code === 'CRM_UNAVAILABLE' && error.entry.retryable);
  assert.equal((await write()).kind, 'written');
  assert.deepEqual([...stored], [['O1', 2]], 'both writes are of one record');
});

test('a record whose SystemModstamp becomes visible late is seen', async () => {
  const now = Date.now();
  const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString().replace('Z', '+0000');
  const rows = [
    { Id: idOf(1), ACE_Id__c: 'O1', SystemModstamp: at(5), visible: true },
    // Saved earlier by a transaction that ends later.
    { Id: idOf(2), ACE_Id__c: 'O2', SystemModstamp: at(20), visible: false },
  ];
  const server = await start((request) => {
    const text = request.url.searchParams.get('q') ?? '';
    if (!text.includes('FROM Opportunity')) return undefined;
    const since = /SystemModstamp >=? (\S+?)[ )]/.exec(`${text} `)?.[1] ?? at(3600);
    const records = rows
      .filter(({ SystemModstamp, visible }) => visible && Date.parse(SystemModstamp) >= Date.parse(since))
      .map(({ visible: _, ...row }) => row)
      .toSorted((one, other) => one.SystemModstamp.localeCompare(other.SystemModstamp));
    return { json: { done: true, totalSize: records.length, records } };
  });
  const show = (visible: boolean) => {
    const [, late] = rows;
    assert.ok(late);
    late.visible = visible;
  };
  const crm = createSalesforceCrm(server.options());
  const options = { overlapMs: 600_000, relatedPaths: [] };
  const first = await crm.changes('opportunity', { since: new Date(now - 60_000).toISOString() }, options);
  assert.deepEqual(
    first.changes.map(({ aceId }) => aceId),
    ['O1'],
  );
  show(true);
  // What a client of bare jsforce does: from the newest stamp that it saw.
  const bare = await bareJsforce(
    server,
    `const since = '${first.cursor.since}';
     const found = await conn.query('SELECT Id, SystemModstamp FROM Opportunity WHERE SystemModstamp >= ' + since);
     console.log(found.records.map(({ Id }) => Id).join());`,
  );
  assert.equal(bare.output.trim(), idOf(1), 'the late one is never seen');
  const second = await crm.changes('opportunity', first.cursor, options);
  assert.ok(second.changes.some(({ aceId }) => aceId === 'O2'));
});

test('an old Node, on which jsforce cannot even be loaded, is left for the pinned one', async () => {
  const server = await start(() => undefined);
  // Node 20 as far as jsforce meets it: it has no zstd.
  const old = `const Module = process.getBuiltinModule('node:module');
    const load = Module._load;
    Module._load = (name, ...rest) =>
      name === 'node:zlib' ? { ...load(name, ...rest), createZstdDecompress: undefined } : load(name, ...rest);
    Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });`;
  const bare = await bareJsforce(server, `console.log('loaded')`, { preload: old });
  assert.deepEqual([bare.ended, bare.output], ['crashed', '']);
  assert.match(bare.errors, /undici.*\n.*createZstdDecompress/);
  const launcher = fileURLToPath(new URL('../../../bin/ace-sync.js', import.meta.url));
  const preload = `data:text/javascript,${encodeURIComponent(old)}`;
  const ours = spawnSync(process.execPath, ['--import', preload, launcher, 'salesforce', '--help'], {
    encoding: 'utf8',
  });
  assert.deepEqual([ours.status, ours.stderr], [0, '']);
  assert.match(ours.stdout, /ace-sync salesforce/);
});
