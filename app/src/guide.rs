//! 这一页怎么用: for each page what it is, what can be done on it, and what happens next; and for each role its first
//! steps. Pages show theirs at their foot, `/help` shows the steps.

use domain::rights::Role;

/// What a page's help says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Guide {
    /// The page's address as the router spells it.
    pub path: &'static str,
    pub what: &'static str,
    pub can: &'static str,
    pub next: &'static str,
}

const fn guide(path: &'static str, what: &'static str, can: &'static str, next: &'static str) -> Guide {
    Guide { path, what, can, next }
}

/// Fixed words of an address stand before what takes any.
pub const GUIDES: &[Guide] = &[
    guide(
        "/",
        "您的第一页：要办的事按缓急排列；没有岗位的读者看到最新一期通报。",
        "点每张卡片上的按钮去办；“各期”里有全部期间，“截止日历”可以导出到手机日历。",
        "办完的事会从这里消失；下一个截止日期写在页面上。",
    ),
    guide(
        "/help",
        "怎样看数、怎样办事的说明。",
        "上面可以搜索；每一页的最下面另有那一页的说明。",
        "仍有疑问，请问本地办公室。",
    ),
    guide(
        "/search",
        "一个搜索框，找单位、指标、项目、任务、通报和人员。",
        "输入名称的一部分即可；只会找到您有权看的内容。",
        "点结果打开那一页。",
    ),
    guide("/about", "本系统的版本、许可和数据说明。", "核对版本号。", "不需要办理。"),
    guide(
        "/login",
        "登录页。",
        "填登录名和密码；开了两步验证的再填动态码。可以粘贴密码。",
        "登录后回到您原来要看的页面。忘记密码请找系统管理员要一次性链接。",
    ),
    guide(
        "/setup",
        "用一次性链接设密码，或第一次设置本站。",
        "按提示填写，所有不对的地方会一次说明。",
        "设好之后用新密码登录；链接随即失效。",
    ),
    guide(
        "/bulletins",
        "全部已发布的通报、评比和结果。",
        "按计划和期间打开任何一版，旧版也在。",
        "已发布的不会改动；更正是新的一版。",
    ),
    guide(
        "/bulletins/{plan}/{period}",
        "一期通报：文字、图、总表和数据来源。",
        "点任何一个数看来源；右上可以下载打印版、Word、PDF、表格。",
        "有岗位的请在页末签收；单位有异议的在规定天数内提出。",
    ),
    guide(
        "/bulletins/{plan}/{period}/{edition}",
        "通报的某一版，按发布时的原样。",
        "与新版对照；下载这一版的文件。",
        "被更正的旧版顶上写着新版在哪里。",
    ),
    guide(
        "/bulletins/{plan}/{period}/{edition}/paper",
        "公文的发文字号、主送、落款等，打印在 Word 和 PDF 上。",
        "按本单位的公文格式填写；没有的留空，系统不会编造。",
        "保存后下载的文件就带上这些内容，数据不变。",
    ),
    guide(
        "/publications/{plan}/{kind}/{subject}/{period}",
        "一季一评比、季度项目库或办结的考核结果。",
        "看表和理由，下载文件，在页末签收。",
        "更正是新的一版，写明原因和改动。",
    ),
    guide(
        "/publications/{plan}/{kind}/{subject}/{period}/{edition}",
        "评比、项目库或考核结果的某一版，按发布时的原样。",
        "下载这一版的文件；与新版对照。",
        "被更正的旧版顶上写着新版在哪里。",
    ),
    guide(
        "/progress/{plan}/{period}",
        "计划里每一项目标到这一期的进展：完成多少、快慢、由谁牵头。",
        "点目标看明细和来源；换期间看前后变化。",
        "滞后的目标由牵头单位在下一期说明。",
    ),
    guide(
        "/tasks/{plan}",
        "文件规定了时限的任务，逐项写着谁办、何时、凭什么算完成。",
        "承办单位报告完成、申请延期；办公室确认、退回或同意延期。",
        "逾期的任务会出现在首页提醒和通报里。",
    ),
    guide(
        "/projects/{plan}/lag",
        "按规则找出的滞后项目，写明触发了哪一条。",
        "逐项看原因，转为会诊事项。",
        "下月报数之后重新判断。",
    ),
    guide(
        "/projects/{plan}/matters",
        "项目的问题和会诊事项，按责任人和期限排列。",
        "记新的事项，写处理结果，超期的可以提级。",
        "解决之后从清单移到历史。",
    ),
    guide(
        "/projects/{plan}/import",
        "从本单位现有的明细表导入重点项目。",
        "选文件先预览，逐列核对含义和提示，确认之后才写入。",
        "导入的项目进入项目库，各单位下月起按项目填报。",
    ),
    guide(
        "/projects/{plan}/new",
        "逐个登记重点项目。",
        "填项目的基本情况；代码会按国家标准校验。",
        "保存后给出项目编号，单位可以开始填报。",
    ),
    guide(
        "/projects/{plan}/{project}",
        "一个项目的台账：基本情况、投资进度、节点、问题、走访。",
        "按您的权限改情况、记走访和节点、申请退库。",
        "每次改动都留下记录和经手人。",
    ),
    guide(
        "/projects/{plan}",
        "重点项目库：筛选、排序、合计随筛选变化。",
        "按单位、年度、阶段、灯号筛选；地址可以转发；下方下载明细表、月报、台账。",
        "每季度末的项目库会冻结发布。",
    ),
    guide(
        "/meetings/{plan}",
        "调度会、会诊和现场会的记录。",
        "记谁参加、说了什么、定了哪些事、谁办、何时办完。",
        "没有办完的决定一直列在承办人的首页。",
    ),
    guide(
        "/rank/{plan}/{period}/years",
        "今年这一期和去年同期逐单位对照。",
        "比较累计、增幅、完成率和位次；下载表格。",
        "去年的数按当时报送和更正后的数。",
    ),
    guide(
        "/rank/{plan}/{period}",
        "这一期各单位的排名。",
        "换目标和排名依据；点单位看全年；下载 CSV、JSON。",
        "排名按精确值，印出的数四舍五入。",
    ),
    guide(
        "/units/{plan}/{region}",
        "一个单位的全年：每期的数、位次、每次修改。",
        "看走势和来源；打开考核依据和加分线测算。",
        "数有疑问的，单位可以申请更正。",
    ),
    guide("/units/{plan}", "全部单位并排的走势。", "点单位打开它的一年。", "随每期通报更新。"),
    guide(
        "/policies/{plan}",
        "文件里的奖补政策：条件、标准、上限、谁出钱。",
        "试算：填项目情况，看能得多少、为什么；填的内容不保存。",
        "试算不是申请；申报由县里登记、财政核对、办公室两人审定。",
    ),
    guide(
        "/claims/{plan}/{year}",
        "一年的奖补申报、审定和兑付。",
        "按您的岗位登记申报、填税收地方留成、审定或记录兑付。",
        "审定要由两个人办；审定之后依据变了，只列出补发或追回的差额。",
    ),
    guide(
        "/selections/{plan}/{selection}/{year}",
        "一项评选的一年：办法、推荐、得分和名次、公示和结果。",
        "县里推荐；办公室登记办法、打分，另一人确认；发布人公示，期满公布结果。",
        "名次旁的“为什么”写明得分、并列和名额；文件没有写的由评选办法定，不代定。",
    ),
    guide(
        "/selections/{plan}",
        "文件写明要评选的项目、企业、产品，附原文。",
        "看每年评到哪一步，点年份进去推荐、打分或看结果。",
        "公示和结果是定稿，有 Word、PDF、表格，谁都可以看。",
    ),
    guide(
        "/lists/{plan}/import",
        "把认定名单从工作簿导入。",
        "选文件，表里没有的认定名称、级别、文件写一次，预览每一行再确认。",
        "与名单里不同的要写理由；没有确认之前什么都不写入。",
    ),
    guide(
        "/lists/{plan}",
        "各级认定的企业：绿色工厂、专精特新、单项冠军等，写明文件和日期。",
        "按认定和级别看，下载；办公室登记、更正、撤销。",
        "计划写了从名单数的目标，在这里和“完成情况”页与报送数对照。",
    ),
    guide(
        "/plans/new",
        "新建一个年度的计划。",
        "粘贴目标、单位和分解表，也可以上传文件；随时可以停下，保存之后再改。",
        "保存后安排岗位和人员，就可以开始第一期填报。",
    ),
    guide(
        "/plans/{plan}/edit",
        "修改计划：目标、单位、任务、规则。",
        "一页一类内容；改动对已报数据的影响会先说明。",
        "已有报送的计划，修订要由办公室另一人确认才生效。",
    ),
    guide(
        "/plans/{plan}/changes",
        "计划的各版，每一版改了什么。",
        "逐项看改了什么、影响哪些结果；办公室的修订由另一人核对后确认。",
        "确认之后新版生效，旧版保留。",
    ),
    guide(
        "/plans/{plan}",
        "一个计划：目标、分解、规则、依据和文件原文。",
        "点目标看进展；办公室可以修改；需要时下载计划文件。",
        "分解合计与全市目标不符的，页上写明差多少。",
    ),
    guide("/plans", "全部计划和它们的进展。", "打开一个计划；办公室可以新建或沿用上年。", "新计划保存后出现在这里。"),
    guide(
        "/assess/{plan}/readings",
        "条款有几种读法的，在这里定用哪一种。",
        "比较各种读法的结果，写明理由再选；年度结束之后要两人确认。",
        "选定的读法从下一版通报起适用。",
    ),
    guide(
        "/assess/{plan}/year-end/{region}",
        "一个单位的年终自评和办公室核验。",
        "填报员自评，县级审核人签核，办公室核验；与报送不同的写明意见。",
        "加减分只按核验的数算。",
    ),
    guide(
        "/assess/{plan}/year-end",
        "年终考核：报送、自评、核验三栏和结果。",
        "办公室核验、提出办结、第二人确认；已办结的可由两人重开。",
        "提出之后公示，异议答复完毕才能办结；办结的结果保留原样。",
    ),
    guide(
        "/assess/{plan}/objections",
        "单位对数据和加减分的异议。",
        "单位在期限内提出；办公室写明是否成立和理由。",
        "还有异议没答复，考核就不能办结。",
    ),
    guide(
        "/assess/{plan}/{region}",
        "一个单位加减分的依据：条款、数据、排位、读法、结果。",
        "在测算里试填一个数，看会不会变。",
        "年终以核验和办结为准。",
    ),
    guide(
        "/assess/{plan}",
        "按现有数据测算的加减分。",
        "点单位看依据；看不同读法的差别。",
        "年终考核办结之前都是测算。",
    ),
    guide(
        "/import/{plan}",
        "用本地一直用的表格成批导入数据。",
        "选文件先预览，系统说明每一列怎样理解、哪里有疑问；您确认之后才写入。单位确实报不了的，选定代报、写明原因。",
        "写入的数写明来自哪个文件哪一行；代报的单位看得到原因，不对可以申请更正。",
    ),
    guide("/exports", "生成的归档包。", "下载；没有做好的会显示进度。", "归档包在别的电脑上不用数据库也能核验。"),
    guide(
        "/start",
        "开始使用的步骤，一步一步带着办。",
        "从第一个没完成的步骤继续；随时可以离开再回来。",
        "全部完成之后这里不再出现在首页。",
    ),
    guide(
        "/periods",
        "全部期间：哪些开着、走到哪一步、还能做什么。",
        "打开任何一期的表、回执、修改记录；截止之后可以申请更正。",
        "更正由发布人发布新的一版，旧版保留。",
    ),
    guide("/calendar", "一年的截止日期。", "下载 .ics 文件，加到电脑或手机日历。", "放假顺延的日期已经算好。"),
    guide(
        "/account",
        "您的账号：密码、两步验证、登录记录。",
        "改密码，开两步验证，退出别处的登录。",
        "密码到期前14天会提醒。",
    ),
    guide(
        "/report/{plan}/{period}/{region}/check",
        "提交之前核对一遍。",
        "有错的地方点句子回去改；提示写了说明就可以提交。",
        "提交之后由县级审核人签核；签核之前可以撤回。",
    ),
    guide(
        "/report/{plan}/{period}/{region}/receipt",
        "提交的回执。",
        "记下回执号；可以打印签字盖章表。",
        "接下来县级审核人签核，市级审核。",
    ),
    guide(
        "/report/{plan}/{period}/{region}/history",
        "每一格由谁在什么时候改成多少。",
        "核对修改经过。",
        "记录只增不改。",
    ),
    guide(
        "/report/{plan}/{period}/{region}",
        "本单位这一期的报表。",
        "填写、从 WPS 粘贴或上传表格；自动保存；与去年同月或计划进度差得多的会提示，请核对或写说明。有话可以给办公室留言。",
        "填好点“核对并提交”；审核人在这里签核或退回。",
    ),
    guide(
        "/report/{plan}/{period}",
        "本单位这一期的报表。",
        "填写、从 WPS 粘贴或上传表格；自动保存。",
        "填好点“核对并提交”。",
    ),
    guide(
        "/review/{plan}/timeliness",
        "各单位一年里报送是否及时、被退回几次、更正几次。",
        "看明细，下载表格。",
        "作为年终考核的参考。",
    ),
    guide(
        "/review/{plan}/{period}/texts",
        "各单位文字按任务排在一起。",
        "选句子写进通报；下载汇总表。",
        "选入的句子出现在发布页，可以再改。",
    ),
    guide(
        "/review/{plan}/{period}/figures",
        "统计部门的数和单位报的数并排；全市总数也在这里填。",
        "从统计资料登记数据，写明出处和日期。",
        "两边的数都保留；按计划规定用哪一个排位。",
    ),
    guide(
        "/review/{plan}/{period}/{region}",
        "一个单位的报送：数据、提示、说明、文字。",
        "审核通过，或逐个数提问退回；只是问一句的，用留言；答复更正申请。",
        "通过之后数即生效；点错了，页上有撤销。",
    ),
    guide(
        "/review/{plan}/{period}",
        "审核工作表：各单位的数和上期、去年、统计部门并排。",
        "点列名排序，上面筛选；没有提示的已经选好，有提示的看过再选，一次通过；也可以在行内退回。键盘 J、K、A、O。",
        "都通过之后发布人发布通报。",
    ),
    guide(
        "/watch/{plan}/{region}",
        "一个单位的周、旬监测数。",
        "填写快报数，可以估计。",
        "只供办公室和领导掌握，不进通报，不参加排位。",
    ),
    guide("/watch/{plan}", "各单位的周、旬监测数。", "看走势，提醒没有报的。", "不进通报，不参加排位。"),
    guide(
        "/publish/{plan}/{period}/{comparison}",
        "发布一季一评比或季度项目库之前的最后一页。",
        "看预览，输密码发布；更正要写原因。",
        "发布之后不能改，只能以新的一版更正。",
    ),
    guide(
        "/publish/{plan}/{period}",
        "发布通报之前的最后一页：条件、预览、改写句子。",
        "核对各单位是否都通过；改写的句子会注明；再输一次密码发布。",
        "发布之后所有读者同时看到，不能改，只能以新的一版更正。",
    ),
    guide(
        "/admin/users",
        "账号：谁能登录。",
        "新建、停用账号，改姓名和电话，生成一次性链接；上面可以查找。",
        "账号本身没有权限，岗位由安全管理员安排。",
    ),
    guide(
        "/admin/posts",
        "岗位：谁办哪个单位的什么事。",
        "新建岗位（单位可多选），任免，设 B 角，停用建错的岗位。",
        "换人之后原任者的登录随即失效。",
    ),
    guide(
        "/admin/people",
        "花名册：一张表建好账号、岗位和链接。",
        "下载空表填好再上传，先预览；链接可以打印、逐个复制。",
        "岗位由安全管理员确认之后生效。",
    ),
    guide(
        "/admin/requests",
        "要由两位管理员办的重置。",
        "一人提出，另一人核对身份后同意。",
        "同意之后生成一次性链接。",
    ),
    guide(
        "/admin/holidays",
        "每年的放假和调休，截止日期据此顺延。",
        "把国务院办公厅的通知粘贴进来。",
        "保存后截止日期随即重算。",
    ),
    guide(
        "/admin/policy",
        "登录和密码的策略，大屏和催报名单的密钥。",
        "设密码期限、两步验证；发放或收回密钥。",
        "收紧的策略在各人下次登录时生效。",
    ),
    guide("/audit/views", "谁看过未发布的数据。", "按人和日期查找，导出。", "每天的记录封存，不能改。"),
    guide(
        "/audit/head",
        "审计链的最新一条，签名文件。",
        "下载保存到别处，日后用来核对。",
        "用 jigai verify --since 核对以后的记录。",
    ),
    guide(
        "/audit",
        "每一件事的记录：谁、何时、办了什么。",
        "按人、岗位、事项和日期查找，导出。",
        "记录连成链，缺一条、改一字都能查出。",
    ),
];

/// The help of an address; `None` for one that is no page.
pub fn of(path: &str) -> Option<&'static Guide> {
    let asked: Vec<&str> = path.trim_matches('/').split('/').collect();
    let fits = |guide: &&Guide| {
        let known: Vec<&str> = guide.path.trim_matches('/').split('/').collect();
        let same = |(known, asked): (&&str, &&str)| known.starts_with('{') && !asked.is_empty() || known == asked;
        known.len() == asked.len() && known.iter().zip(&asked).all(same)
    };
    GUIDES.iter().find(fits)
}

/// A picture of a page: its file below `/assets/`, what it shows, and its size in pixels. `cargo xtask pictures` takes it.
#[derive(Debug, Clone, Copy)]
pub struct Picture {
    pub file: &'static str,
    pub shows: &'static str,
    pub width: u32,
    pub height: u32,
}

/// What a role works on first, as it looks.
pub fn picture(role: Role) -> Option<Picture> {
    let of = |file, shows, height| Some(Picture { file, shows, width: 1000, height });
    match role {
        Role::CountyReporter => of("help-report.png", "填报页：每格自动保存，填好点“核对并提交”", 600),
        Role::CountyApprover => of("help-sign.png", "一份报送：上面是走到了哪一步，下面是报的数和说明", 600),
        Role::CityReviewer => of("help-review.png", "审核工作表：各单位的数和上期、去年并排", 640),
        Role::Publisher => of("help-publish.png", "发布页：先看条件，再看预览，输密码发布", 600),
        Role::Leader | Role::Official | Role::Observer | Role::Finance => {
            of("help-read.png", "通报：一句话、四个数、排名表；点任何一个数看来源", 640)
        }
        Role::SystemAdmin => of("help-people.png", "花名册：下载空白表，填好上传，看过预览再建", 420),
        Role::SecurityAdmin | Role::AuditAdmin => None,
    }
}

/// A role's first steps, in their order.
pub fn first_steps(role: Role) -> &'static [&'static str] {
    match role {
        Role::CountyReporter => &[
            "用一次性链接设好密码，登录后首页列着要报的期间和截止时间。",
            "点“去填报”，填本期累计和去年同期；也可以从 WPS 粘贴，或上传本单位一直用的表。",
            "有提示的数请核对；确实无误就写一句说明。",
            "点“核对并提交”，勾选确认，记下回执号。",
            "报错了：签核之前可以撤回；通过之后在“各期”里申请更正。",
        ],
        Role::CountyApprover => &[
            "首页出现“去签核”时，核对填报员报的数和说明。",
            "没有问题点“审核并上报”；有问题写明理由退回填报员。",
            "签核之后、市级审核之前可以收回。",
            "年终自评也要您签核。",
        ],
        Role::CityReviewer => &[
            "先在“计划”里新建或沿用上年的计划，再请管理员安排各单位的岗位。",
            "每期打开“去审核”，没有提示的一次通过，有提示的看过再选。",
            "有疑问的退回单位，可以对一个数提问。",
            "统计部门的数在“统计部门数和总数”里登记。",
            "年终核验、提出办结，由另一人确认。",
        ],
        Role::Publisher => &[
            "各单位都通过之后，首页出现“去发布”。",
            "核对预览；句子可以改写，改动会注明。",
            "再输一次密码发布；发布之后只能以新的一版更正。",
            "已通过的更正会成为您的待办。",
        ],
        Role::Leader => {
            &["首页是最新情况和要您知道的事。", "点任何一个数可以看来源；“换计划”切换别的计划。", "看过的通报请签收。"]
        }
        Role::SystemAdmin => &[
            "在“账号”里用花名册一次建好全部账号，把一次性链接交给本人。",
            "岗位报给安全管理员确认。",
            "每年公布放假安排后，在“放假”里粘贴通知。",
        ],
        Role::SecurityAdmin => {
            &["确认花名册报来的岗位；单个岗位在“岗位”里建和任免。", "在“策略”里设密码期限和两步验证。"]
        }
        Role::AuditAdmin => &["在“审计”里查谁办了什么。", "定期下载审计链的最新一条，保存到别处。"],
        Role::Official => &[
            "首页是您挂钩的单位和项目的最新情况。",
            "打开项目的台账，可以记一次走访。",
            "会诊定下由您协调的事，列在首页直到办完。",
        ],
        Role::Observer => &["首页是新发布的通报和办结的结果。", "看过之后签收。"],
        Role::Finance => &["首页是新发布的通报和办结的结果，看过之后签收。", "奖补要用的财政数据由您登记。"],
    }
}
