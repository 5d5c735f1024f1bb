// The office's paper, its own tables and the year's pack, in a browser with and without script: what is typed stands on the
// paper, nothing is written before it is confirmed, the pack is fetched when it is made.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { engines, logIn, onSite } from './site.mjs';

const table = (total) => `2021年1—5月工业技改投资完成情况,,
单位：万元,,
单位,累计完成,上年同期
台 江,4200,3300
全市,${total},3598000
`;

for (const engine of engines) {
  for (const script of [true, false]) {
    test(`papers, tables and pack on ${engine}, ${script ? 'with' : 'without'} script`, () => onSite({ engine, script, expected: ['422'] }, async ({ site, page }) => {
      const folder = mkdtempSync(join(tmpdir(), 'jigai-papers-'));
      const look = async (name) => {
        for (const width of [1366, 360]) {
          await page.setViewportSize({ width, height: 900 });
          if (script) await assertAccessible(page, `${name} at ${width} px`);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(overflow <= 0, `${name} is ${overflow} px wider than ${width} px`);
        }
      };
      const press = (name) => page.getByRole('button', { name, exact: true }).click();
      const main = () => page.innerText('main');
      const fetched = async (act, name) => {
        const [download] = await Promise.all([page.waitForEvent('download'), act()]);
        const path = join(folder, name);
        await download.saveAs(path);
        return path;
      };

      // The letterhead: a fault keeps what was typed, then it stands on the paper.
      await logIn(page, site, 'fabu');
      await page.goto(`${site.base}/bulletins/fuzhou-2021/2021-05/e1`);
      await page.getByRole('link', { name: '公文稿头' }).click();
      await look('the letterhead');
      await page.fill('[name=number]', '榕工信[2021]34号');
      await page.fill('[name=recipients]', '各县（市）区人民政府');
      await press('保存稿头');
      assert.match(await main(), /请写成 榕工信〔2021〕34号 这样/);
      await look('the letterhead with a fault');
      assert.equal(await page.inputValue('[name=recipients]'), '各县（市）区人民政府');
      await page.fill('[name=number]', '榕工信〔2021〕34号');
      await press('保存稿头');
      assert.match(await main(), /稿头已保存/);
      const pdf = await fetched(() => page.getByRole('link', { name: '下载 PDF' }).click(), 'paper.pdf');
      const text = execFileSync('pdftotext', ['-raw', pdf, '-'], { encoding: 'utf8' });
      assert.match(text, /榕工信〔2021〕34\s*号/);
      assert.match(text, /各县（市）区人民政府：/);

      // The office's own table: looked at, corrected, confirmed.
      await logIn(page, site, 'shenhe');
      await page.goto(`${site.base}/import/fuzhou-2021`);
      const file = join(folder, '五月.csv');
      writeFileSync(file, table('41196000').replace('4200', '四千'));
      await page.setInputFiles('#file', file);
      await press('预览');
      assert.match(await main(), /B4 本期累计：“四千”是用汉字写的数/);
      await look('a preview with a fault');
      assert.equal(await page.getByRole('button', { name: '确认导入' }).count(), 0);
      await page.getByRole('link', { name: '换一个文件' }).click();
      writeFileSync(file, table('4119600'));
      await page.setInputFiles('#file', file);
      await press('预览');
      assert.match(await main(), /更正 1 行，未变 1 行/);
      await look('a preview');
      await page.fill('[name=reason]', '总数按统计局核定');
      await press('确认导入');
      assert.match(await main(), /已导入：新报送 0 行，更正 1 行，未变 1 行/);

      // The split of a target from a file: looked at, read otherwise, filled into the plan's form.
      await page.goto(`${site.base}/plans/fuzhou-2021/edit?goal=investment`);
      const split = '2021年目标,,\n单位,目标甲（亿元）,目标乙（亿元）\n鼓楼区,100,23\n福清市,900,306\n';
      await page.setInputFiles('#table', { name: '分解.csv', mimeType: 'text/csv', buffer: Buffer.from(split) });
      await press('读入这个文件');
      assert.match(await main(), /C列 “目标乙（亿元）”和B列“目标甲（亿元）”都像是目标/);
      await look('a split with a fault');
      assert.equal(await page.getByRole('button', { name: '填到计划里' }).count(), 0);
      await page.getByLabel('B列用作').selectOption('不用');
      await page.getByLabel('C列用作').selectOption('目标');
      await press('按上面改过的再看一遍');
      assert.match(await main(), /现为 308，增幅 13/);
      await look('a split');
      await press('填到计划里');
      assert.match(await main(), /已按分解表填好 2 行/);
      assert.equal(await page.inputValue('[name="r.1.value"]'), '306');

      // The pack: asked for, made while one waits, fetched, checked without the database.
      await page.goto(`${site.base}/assess/fuzhou-2021/year-end`);
      await press('生成归档包');
      await page.waitForURL(/\/exports$/);
      for (let tries = 0; !/已完成/.test(await main()); tries += 1) {
        assert.ok(tries < 60, await main());
        await page.waitForTimeout(500);
        await page.goto(`${site.base}/exports`);
      }
      await look('the finished pack');
      const pack = await fetched(() => page.getByRole('link', { name: 'fuzhou-2021-2021-assessment.zip' }).click(), 'pack.zip');
      const said = execFileSync(process.env.JIGAI_TEST_BINARY, ['verify', pack], { encoding: 'utf8' });
      assert.match(said, /核验通过：fuzhou-2021 2021年考核/);
    }));
  }
}
