//! Large type, a messenger's browser, and the address pages name: the same page, dressed for its reader.

use tests::{TestApp, on_both_databases};

const MAY: &str = "/bulletins/fuzhou-2021/2021-05";

fn published(app: TestApp) -> tests::Serving {
    app.import_fuzhou();
    app.publish("2021-05", &[]).assert_done();
    app.serve(&[])
}

on_both_databases! {
    fn large_type_is_kept_in_the_browser_and_leads_back(app: TestApp) {
        let site = published(app);
        let referer = format!("{}{MAY}?a=1", site.base);
        let answer = site.post("/look", "look=large", &[("referer", &referer)]).assert_status(303);
        assert_eq!(answer.header("location"), format!("{MAY}?a=1"));
        let cookies = answer.cookies();
        assert!(cookies.contains("look=large"), "{cookies}");
        let large = site.get_with(MAY, &[("cookie", "look=large")]).assert_success();
        assert!(large.html.contains("<html lang=\"zh-CN\" class=\"large\">"));
        // The usual page of the next reader is another one, and both are known by their own tags.
        let usual = site.get(MAY).assert_success();
        assert!(usual.html.contains("<html lang=\"zh-CN\">"));
        assert_ne!(usual.header("etag"), large.header("etag"));
        let again = site.get_with(MAY, &[("cookie", "look=large")]).assert_success();
        assert_eq!(again.header("etag"), large.header("etag"));
        let back = site.post("/look", "look=usual", &[("referer", &referer)]).assert_status(303);
        assert!(back.header("set-cookie").contains("Max-Age=0"), "{}", back.header("set-cookie"));
    }

    fn the_way_back_leads_nowhere_else(app: TestApp) {
        let site = published(app);
        for referer in ["https://example.com//evil.example", "//evil.example", "nothing", ""] {
            let answer = site.post("/look", "look=large", &[("referer", referer)]).assert_status(303);
            assert_eq!(answer.header("location"), "/", "{referer}");
        }
    }

    fn a_messenger_gets_the_address_to_copy_and_how_to_print(app: TestApp) {
        let site = published(app);
        let agent = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/86.0 MicroMessenger/8.0";
        let page = site.get_with(MAY, &[("user-agent", agent)]).assert_success();
        assert!(page.html.contains("class=\"messenger\""));
        assert!(page.html.contains(&format!("value=\"{}{MAY}/e1\"", site.base)), "{}", site.base);
        assert!(page.html.contains(&format!("content=\"{}/assets/share.png\"", site.base)));
        assert!(page.html.len() < 150_000 && !page.html.contains(".wasm"), "{}", page.html.len());
        assert!(!site.get(MAY).html.contains("class=\"messenger\""));
    }

    fn an_address_that_is_none_is_not_written_into_pages(app: TestApp) {
        let site = published(app);
        let answer = site.raw(&format!("GET {MAY} HTTP/1.1\r\nhost: a\"><script>\r\nconnection: close\r\n\r\n"));
        assert!(!answer.contains("<script>") && !answer.contains("origin.invalid"), "{answer}");
        site.get(MAY).assert_success().lacks("origin.invalid");
    }
}
