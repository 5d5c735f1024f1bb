//! The site under a path of its proxy's: no address leaves it, whoever reads.

use std::collections::BTreeSet;

use tests::{Engine, Office, PASSWORD, Page, Person, TestApp, form, on_both_databases};

const BASE: &str = "/jigai";

fn under_base(app: TestApp) -> Office {
    let lines = ["福清市,2021-05,120.5,100,,", "鼓楼区,2021-05,7.5,6.5,,"];
    let office = Office::with_figures(app, &lines);
    office.submit_fuqing();
    let as_publisher = ["bulletin", "publish", "--plan", "fuzhou-2021", "--period", "2021-05"];
    office.site.app.jigai_as("350100-publisher", &as_publisher).assert_done();
    office.with_options(&["--base-path", BASE])
}

/// Every address of a page that a browser would ask for.
fn addresses(page: &Page) -> Vec<String> {
    let attributes = [("href", "[href]"), ("action", "[action]"), ("src", "[src]"), ("formaction", "[formaction]")];
    let document = scraper::Html::parse_document(&page.html);
    let found = attributes.iter().flat_map(|(name, selector)| {
        let selector = scraper::Selector::parse(selector).unwrap();
        document.select(&selector).filter_map(|element| element.attr(name)).map(str::to_owned).collect::<Vec<_>>()
    });
    found.filter(|address| address.starts_with('/')).collect()
}

#[track_caller]
fn stays(page: &Page) {
    for address in addresses(page) {
        assert!(address.starts_with("/jigai/"), "{} leads to {address}", page.path);
    }
    let elsewhere = ["\"/pkg", "'/pkg", "url(/"];
    assert!(!elsewhere.iter().any(|part| page.html.contains(part)), "{}: {}", page.path, page.html);
}

/// Follows every link from the start, and returns the pages that were seen.
fn walk(person: &Person<'_>, who: &str) -> BTreeSet<String> {
    let (mut seen, mut waiting) = (BTreeSet::new(), vec!["/".to_owned()]);
    while let Some(path) = waiting.pop() {
        if seen.len() > 120 || !seen.insert(path.clone()) {
            continue;
        }
        let page = person.get(&path);
        // A preview names the files of the edition that it would become.
        assert!(page.status < 400 || path.starts_with("/export/"), "{who}: {path} {}", page.status);
        if !page.header("content-type").starts_with("text/html") {
            continue;
        }
        stays(&page);
        let links = page.links().into_iter().filter_map(|link| link.strip_prefix(BASE).map(str::to_owned));
        waiting.extend(links.map(|link| link.split('#').next().unwrap().to_owned()));
    }
    seen
}

on_both_databases! {
    fn no_address_leaves_the_base(app: TestApp) {
        let office = under_base(app);
        let site = &office.site;
        assert!(site.base.ends_with(BASE), "{}", site.base);
        for (who, least) in [("lingdao", 20), ("fuqing", 20), ("shenhe", 30), ("fabu", 20), ("anquan", 5), ("xitong", 5), ("shenji", 5)] {
            let seen = walk(&office.person(who), who);
            assert!(seen.len() >= least, "{who}: {seen:?}");
        }
        // Visitors, also of what is not there or not for them.
        let nobody = site.as_person("");
        for path in ["/login", "/nothing/here", "/assets/nothing.css", "/help"] {
            stays(&nobody.get(path));
        }
        site.get("/assets/app.css").assert_success();
        site.get("/healthz").assert_success();
        let location = |path: &str| site.get_with(path, &[("no-redirect", "1")]).header("location").to_owned();
        assert_eq!(location("/report/fuzhou-2021/2021-06?x=1"), "/jigai/login?next=%2Freport%2Ffuzhou-2021%2F2021-06%3Fx%3D1");
        let fields = [("login", "fuqing"), ("password", PASSWORD), ("next", "/report/fuzhou-2021/2021-06?x=1")];
        let came = site.post("/login", &form(&fields), &[]);
        assert_eq!((came.status, came.header("location")), (303, "/jigai/report/fuzhou-2021/2021-06?x=1"));
        let set: Vec<&str> = came.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect();
        assert!(set.len() == 2 && set.iter().all(|cookie| cookie.contains("; Path=/jigai;")), "{set:?}");
        // A page in answer to a form, and a refusal outside of pages.
        stays(&site.post("/login", &form(&[("login", "fuqing"), ("password", "x")]), &[]).assert_status(401));
        stays(&site.post("/login", "", &[("origin", "https://evil.example")]).assert_status(403));
        // 大字版 leads back to the page it was asked from.
        let referer = format!("{}/plans?a=1", site.base);
        let back = site.post("/look", "look=large", &[("referer", &referer)]);
        assert_eq!(back.header("location"), "/jigai/plans?a=1");
        let share = office.person("lingdao").get("/bulletins/fuzhou-2021/2021-05/e1").assert_success();
        assert!(share.html.contains(&format!("{}/assets/share.png", site.base)), "{}", share.html);
        assert!(share.text().contains(&format!("{}/bulletins/fuzhou-2021/2021-05/e1", site.base)), "{}", share.text());
        // Links that are handed over, with the path.
        let screen = office.person("anquan").post("/admin/screen", &[("do", "issue")]);
        let link = format!("{}/board/", site.base);
        let text = office.person("anquan").get("/admin/policy").html + &screen.html;
        assert!(text.contains(&link), "{text}");
    }
}

/// A proxy that takes the path away before it asks gets the same pages; a kept and packed page has its addresses, too.
#[test]
fn a_proxy_may_take_the_path_away() {
    let mut office = under_base(TestApp::new(Engine::Sqlite));
    let with = office.person("lingdao").get("/plans").assert_success().html;
    office.site.base = office.site.base.strip_suffix(BASE).unwrap().to_owned();
    let without = office.person("lingdao").get("/plans").assert_success();
    stays(&without);
    assert_eq!(without.html, with);
    let packed = office.site.get_with("/help", &[("accept-encoding", "gzip")]).assert_success();
    assert_eq!(packed.header("content-encoding"), "gzip");
    let file = office.site.app.folder.write("help.gz", &packed.bytes);
    let unpacked = std::process::Command::new("gzip").args(["-dc", &file]).output().unwrap().stdout;
    let page = Page { html: String::from_utf8(unpacked).unwrap(), ..packed };
    stays(&page);
    assert!(addresses(&page).len() > 5, "{}", page.html);
}

#[test]
fn a_base_that_cannot_be_one_is_told() {
    for (base, told) in [("jigai", "应以 / 开头"), ("/plans", "是本站自己的地址"), ("/技改", "只含字母")]
    {
        tests::jigai(&["serve", "--base-path", base]).assert_refused().says(told);
    }
}
