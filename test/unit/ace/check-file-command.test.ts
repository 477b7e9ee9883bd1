import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { lead, mandatoryCreate } from './sample-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-file-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const script = fileURLToPath(new URL('./run-check-file.ts', import.meta.url));

function run(content: unknown, options: readonly string[] = []) {
  const file = join(folder, 'file.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return runOn(file, options);
}

function runOn(file: string, options: readonly string[] = []) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'check-file', file, ...options], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const create = { ...mandatoryCreate(2), targetCloseDate: '2999-12-31' };

describe('check-file', () => {
  test('ends with 0 for a file that ACE takes, and says so', () => {
    const { status, stdout } = run({ version: '2', opportunities: [create] });
    assert.equal(status, 0);
    assert.match(stdout, /: no problems\n$/);
    const json = run({ version: '2', opportunities: [create] }, ['--json']);
    assert.deepEqual([json.status, JSON.parse(json.stdout)], [0, { ok: true, problems: [] }]);
  });

  test('ends with 1 for problems, each with record, field, code, message, fix and severity', () => {
    const records = [create, { ...create, partnerCrmUniqueIdentifier: 'b', state: null, favourite: 'x' }];
    const { status, stdout } = run({ version: '2', opportunities: records }, ['--json']);
    assert.equal(status, 1);
    const report = JSON.parse(stdout);
    assert.equal(report.ok, false);
    assert.deepEqual(
      report.problems.map((problem: Record<string, unknown>) => [
        problem.record,
        problem.field,
        problem.code,
        problem.severity,
      ]),
      [
        [1, 'state', 'ACE_STATE_REQUIRED', 'error'],
        [1, 'favourite', 'ACE_UNKNOWN_KEY', 'warning'],
      ],
    );
    for (const problem of report.problems) {
      assert.deepEqual(Object.keys(problem), ['record', 'field', 'code', 'message', 'fix', 'severity']);
    }
  });

  test('prints the same for people, with who can fix it', () => {
    const { status, stdout } = run({ version: '2', opportunities: [{ ...create, state: null }] });
    assert.equal(status, 1);
    assert.match(stdout, /: 1 error\n/);
    assert.match(stdout, /ERROR {4}record 0 {2}state {2}ACE_STATE_REQUIRED/);
    assert.match(stdout, /Fix \(Sales person\): Choose the state\./);
  });

  test('ends with 0 for warnings alone', () => {
    const { status, stdout } = run({ version: '2', opportunities: [{ ...create, stage: 'Qualified' }] });
    assert.equal(status, 0);
    assert.match(stdout, /: 1 warning\n/);
  });

  test('has null for what concerns the whole file', () => {
    const { status, stdout } = run({ version: '2', opportunities: Array(51).fill({}) }, ['--json']);
    assert.equal(status, 1);
    const [first] = JSON.parse(stdout).problems;
    assert.deepEqual([first.record, first.field, first.code], [null, null, 'ACE_TOO_MANY_RECORDS']);
  });

  for (const content of ['', '<html>', '{"opportunities":', '[]']) {
    test(`ends with 2 for a file that is none: ${content || 'nothing'}`, () => {
      const { status, stdout } = run(content, ['--json']);
      assert.equal(status, 2);
      const report = JSON.parse(stdout);
      assert.deepEqual([report.ok, report.problems.length], [false, 1]);
    });
  }

  test('ends with 2 for a path that cannot be read', () => {
    for (const file of [join(folder, 'absent.json'), folder]) {
      const { status, stdout } = runOn(file, ['--json']);
      assert.equal(status, 2);
      assert.equal(JSON.parse(stdout).problems[0].code, 'ACE_FILE_NOT_READ');
    }
  });

  test('refuses 500 MB by the size, without reading them', () => {
    const file = join(folder, 'large.json');
    writeFileSync(file, '');
    truncateSync(file, 500 * 1_048_576);
    const start = performance.now();
    const { status, stdout } = runOn(file, ['--json']);
    assert.equal(status, 2);
    assert.equal(JSON.parse(stdout).problems[0].code, 'ACE_FILE_TOO_LARGE');
    assert.ok(performance.now() - start < 20_000);
  });

  test('answers 50 records and a file of 1 MB at once', () => {
    const records = Array.from({ length: 50 }, (_, index) => ({
      ...create,
      partnerCrmUniqueIdentifier: `A${index}`,
      projectDescription: 'x'.repeat(20_000),
    }));
    const content = JSON.stringify({ version: '2', opportunities: records });
    assert.ok(content.length > 1_000_000 && content.length <= 1_048_576);
    const start = performance.now();
    assert.equal(run(content).status, 0);
    assert.ok(performance.now() - start < 20_000);
  });

  test('checks by payload version, programme, intent and kind', () => {
    const launch = { apnCrmUniqueIdentifier: 'O1', stage: 'Launched', awsAccountId: null };
    const file = { version: '2', opportunities: [launch] };
    assert.equal(run(file).status, 1);
    assert.equal(run(file, ['--programme', 'isvAccelerate']).status, 0);
    assert.equal(run({ version: '1', opportunities: [create] }, ['--payload-version', '2', '--json']).status, 1);
    assert.equal(run({ version: '2', leads: [lead] }, ['--object', 'opportunity']).status, 1);
    assert.equal(run({ version: '2', leads: [lead] }, ['--object', 'lead']).status, 0);
    const sparse = { version: '2', opportunities: [{ partnerCrmUniqueIdentifier: 'a', nextStep: 'Call' }] };
    assert.equal(run(sparse).status, 1);
    assert.equal(run(sparse, ['--intent', 'update']).status, 0);
  });

  test('reads files from ACE leniently, and processed results', () => {
    const exported = {
      apnCrmUniqueIdentifier: 'O1',
      lastModifiedDate: '2026-01-01T00:00:00.000Z',
      brandNew: 1,
      stage: 'Paused',
    };
    const outbound = run({ version: '2', opportunities: [exported] }, ['--as', 'outbound', '--json']);
    assert.equal(outbound.status, 0);
    assert.deepEqual(
      JSON.parse(outbound.stdout).problems.map(({ code }: { code: string }) => code),
      ['ACE_NEW_FIELD', 'ACE_NEW_VALUE'],
    );
    const result = { inboundApiResults: [{ isSuccess: true }], fileName: 'a.json' };
    assert.equal(run(result, ['--as', 'result']).status, 0);
    assert.equal(run({ version: '2', opportunities: [] }, ['--as', 'result']).status, 2);
    const refused = {
      inboundApiResults: [{ isSuccess: true }, { isSuccess: false, errors: ['Required: Use Case;City'] }],
    };
    const { status, stdout } = run(refused, ['--as', 'result', '--json']);
    const [problem] = JSON.parse(stdout).problems;
    assert.deepEqual([status, problem.record, problem.field, problem.code], [1, 1, 'useCase', 'ACE_REQUIRED']);
  });

  test('refuses an option that it does not know', () => {
    assert.notEqual(run('{}', ['--programme', 'gold']).status, 0);
  });
});
