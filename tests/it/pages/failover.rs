//! PostgreSQL as its administrators run it: standbys, failover, roles that may not make tables; fault 5 and 13.

use tests::cluster::{Bouncer, Cluster};
use tests::{Engine, OPEN, Office, PASSWORD, Ran, TestApp, form};

/// A port at which nobody listens.
fn closed_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn hosts(ports: &[u16], rest: &str) -> String {
    let hosts: Vec<String> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    format!("postgres://postgres@{}/jigai{rest}", hosts.join(","))
}

/// F5, F13, F4: a standby is read from and never written to; after a failover the other one is written to.
#[test]
fn readers_and_writers_follow_a_failover() {
    let primary = Cluster::primary();
    primary.sql(&["CREATE DATABASE jigai"]);
    let standby = Cluster::standby_of(&primary);
    let at = |ports: &[u16], rest: &str| TestApp::new(Engine::Sqlite).on_database(&hosts(ports, rest));
    let closed = closed_port();

    // A closed port and a standby stand before the primary: the one that takes writes is found.
    let all = [closed, standby.port, primary.port];
    let app = at(&all, "?target_session_attrs=read-write");
    app.import_fuzhou();
    app.publish("2021-05", &[]).assert_done();
    app.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
    let [_, token, _] = app.administrators();
    let head = app.head_at(&hosts(&[primary.port], ""));
    app.wait_until_at(&hosts(&[standby.port], ""), &head);

    // What only reads works on the standby, and changes nothing; what writes says why not.
    let reading = at(&[standby.port], "");
    reading.jigai(&["verify"]).assert_done().says("报送数据 28 行");
    reading.jigai(&["bulletin", "list"]).assert_done().says("fuzhou-2021");
    reading.jigai(&["export", "csv", "--plan", "fuzhou-2021", "--period", "2021-05"]).assert_done().says("福清市");
    reading.jigai(&["user", "list"]).assert_done().says("anquan");
    let backup = reading.folder.path().join("backup.db").display().to_string();
    reading.jigai(&["backup", &backup]).assert_done();
    reading.jigai(&["migrate"]).assert_done();
    let refused = reading.publish("2021-06", &["--as", "system-security-admin"]);
    assert_ne!(refused.code, 0, "{refused:?}");
    assert!(!refused.err.contains("CREATE TABLE"), "{refused:?}");
    let wanted = at(&[closed, standby.port], "?target_session_attrs=read-write").jigai(&["bulletin", "list"]);
    assert_eq!(wanted.code, 1);
    wanted.says("没有能写的 PostgreSQL").says(&format!("127.0.0.1:{} 是只读的（备库）", standby.port));
    at(&[closed], "").jigai(&["verify"]).says("连不上 PostgreSQL").says(&format!("127.0.0.1:{closed}"));

    // A site on the standby serves readers; forms and /readyz say that it is read-only.
    let site = at(&[standby.port], "").start(&[]);
    assert!(site.said().iter().any(|line| line.contains("数据库是只读的")), "{:?}", site.said());
    site.get("/bulletins/fuzhou-2021/2021-05").assert_success().shows("福清市");
    let log_in =
        |site: &tests::Serving| site.post("/login", &form(&[("login", "anquan"), ("password", PASSWORD)]), &[]);
    log_in(&site).assert_status(503).shows("数据库现在是只读的，只能看，不能保存");
    site.get("/readyz").assert_status(503).shows("只读");

    // The site that knows both goes on at the standby once that is the primary, without a restart.
    let both = app.start(&[]);
    both.first_log_in("anquan", &token);
    let head = both.app.head_at(&hosts(&[primary.port], ""));
    both.app.wait_until_at(&hosts(&[standby.port], ""), &head);
    primary.kill();
    standby.promote();
    both.settle(|| both.get("/readyz").status == 200);
    assert_eq!(log_in(&both).status, 303);
    both.get("/bulletins/fuzhou-2021/2021-05").assert_success();
    // So does the one that was only reading.
    site.settle(|| site.get("/readyz").status == 200);
    assert_eq!(log_in(&site).status, 303);
    drop(both.stop());
    site.stop().jigai(&["verify"]).assert_done();
}

/// A role without CREATE was a hang without a word behind the lock of the session that had failed before.
#[test]
fn a_role_that_may_not_make_tables_is_told() {
    let server = Cluster::primary();
    server.sql(&[
        "CREATE DATABASE jigai",
        "CREATE ROLE poor LOGIN",
        "CREATE ROLE owner LOGIN",
        "ALTER DATABASE jigai OWNER TO owner",
    ]);
    let as_role = |role: &str| {
        let url = format!("postgres://{role}@127.0.0.1:{}/jigai", server.port);
        TestApp::new(Engine::Sqlite).on_database(&url)
    };
    for command in [vec!["migrate"], vec!["serve", "--listen", "127.0.0.1:0"]] {
        let ran = as_role("poor").jigai(&command);
        assert_eq!(ran.code, 1, "{ran:?}");
        ran.says("没有权限").says("GRANT CREATE ON SCHEMA public TO");
    }
    let owner = as_role("owner");
    owner.jigai(&["migrate"]).assert_done();
    // Once the tables are there, whoever may use them needs to make none.
    let grant = "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO poor";
    owner.tamper_again(grant);
    let poor = as_role("poor");
    poor.jigai(&["migrate"]).assert_done();
    poor.jigai(&["user", "list"]).assert_done();
}

/// A server with a database `jigai` and these roles; commands as one of them, with what stands behind `?`.
struct Managed {
    server: Cluster,
}

impl Managed {
    fn new(statements: &[&str]) -> Self {
        let server = Cluster::primary();
        server.sql(&["CREATE DATABASE jigai"]);
        let office = Self { server };
        office.sql(statements);
        office
    }

    /// As the superuser, in the database itself.
    fn sql(&self, statements: &[&str]) {
        statements.iter().for_each(|statement| self.as_role("postgres", "").tamper_again(statement));
    }

    fn as_role(&self, role: &str, rest: &str) -> TestApp {
        let url = format!("postgres://{role}@127.0.0.1:{}/jigai{rest}", self.server.port);
        TestApp::new(Engine::Sqlite).on_database(&url)
    }

    /// A command that cannot be done: within five seconds, with exit 1, and no word of damage.
    #[track_caller]
    fn refused(&self, role: &str, command: &[&str]) -> Ran {
        let begun = std::time::Instant::now();
        let ran = self.as_role(role, "").jigai(command);
        assert!(begun.elapsed().as_secs() < 5, "{ran:?}");
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        assert!(!["已损坏", "从备份恢复", "移走"].iter().any(|word| ran.err.contains(word)), "{ran:?}");
        ran
    }
}

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

/// Who may only read rows reads; who may change them works; neither needs to make tables.
#[test]
fn each_role_is_told_what_it_lacks() {
    let office = Managed::new(&["CREATE ROLE owner LOGIN", "CREATE ROLE reader LOGIN", "CREATE ROLE site LOGIN"]);
    office.sql(&["ALTER DATABASE jigai OWNER TO owner"]);
    // Nothing is there yet.
    office.refused("reader", &["verify"]).says("还没有 jigai 的表").says("先运行 jigai migrate");
    office.refused("reader", &["migrate"]).says("GRANT CREATE ON SCHEMA public TO reader").says("migrate --print");
    let owner = office.as_role("owner", "");
    owner.import_fuzhou();
    owner.publish("2021-05", &[]).assert_done();
    // Tables that may not even be read.
    for command in [&["verify"][..], &["bulletin", "list"], &["backup", "/tmp/none.db"], &["migrate"], &SERVE] {
        office.refused("reader", command).says("没有权限").says("GRANT SELECT");
    }
    let print = office.refused("reader", &["migrate", "--print"]);
    print.says("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader");

    office.sql(&["GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"]);
    let reader = office.as_role("reader", "");
    reader.jigai(&["verify"]).assert_done().says("报送数据 28 行");
    reader.jigai(&["bulletin", "list"]).assert_done().says("fuzhou-2021");
    reader.jigai(&["trail"]).assert_done().says("publish");
    reader.jigai(&["head"]).assert_done();
    let backup = reader.folder.path().join("backup.db").display().to_string();
    reader.jigai(&["backup", &backup]).assert_done();
    office
        .refused("reader", &SERVE)
        .says("没有权限")
        .says("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reader");

    office.sql(&["GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO site"]);
    let site = office.as_role("site", "");
    site.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
    let serving = site.start(&[]);
    serving.get("/readyz").assert_success();
    drop(serving.stop());

    // A table that came by an upgrade, and was not granted.
    office.sql(&["REVOKE SELECT ON return_message FROM site"]);
    office.refused("site", &SERVE).says("的表 return_message 用户 site 没有权限用").says("GRANT SELECT");
}

/// Who may not come in, or not so often, is told what to change.
#[test]
fn a_role_that_gets_no_connection_is_told() {
    let office = Managed::new(&["CREATE ROLE kept_out LOGIN", "REVOKE CONNECT ON DATABASE jigai FROM PUBLIC"]);
    office.refused("kept_out", &["migrate"]).says("GRANT CONNECT ON DATABASE");
    office.sql(&["GRANT CONNECT ON DATABASE jigai TO kept_out", "ALTER ROLE kept_out CONNECTION LIMIT 0"]);
    office.refused("kept_out", &SERVE).says("连接数到了上限").says("CONNECTION LIMIT");
    let elsewhere = format!("postgres://postgres@127.0.0.1:{}/none", office.server.port);
    TestApp::new(Engine::Sqlite).on_database(&elsewhere).jigai(&["migrate"]).says("没有这个库");
    // One connection is enough to look at the server, and not to work: no other program is blamed.
    let owner = office.as_role("postgres", "");
    owner.jigai(&["migrate"]).assert_done();
    office.sql(&[
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kept_out",
        "ALTER ROLE kept_out CONNECTION LIMIT 1",
    ]);
    let limited = office.as_role("kept_out", "").jigai(&["user", "list"]);
    assert_eq!(limited.code, 1, "{limited:?}");
    limited.says("CONNECTION LIMIT");
    assert!(!limited.err.contains("另一个程序"), "{limited:?}");
}

/// A standby of a server on which nothing was made yet: where to make it is said.
#[test]
fn an_empty_standby_is_told() {
    let primary = Managed::new(&[]);
    let standby = Managed { server: Cluster::standby_of(&primary.server) };
    for command in [&["migrate"][..], &["verify"], &SERVE] {
        standby.refused("postgres", command).says("还没有 jigai 的表");
    }
    standby.refused("postgres", &["migrate"]).says("请先在主库上运行 jigai migrate");
}

/// Tables in a schema of the administrator's own; and a role that is led elsewhere.
#[test]
fn a_schema_of_ones_own_is_worked_in_and_never_missed_for_another() {
    let office = Managed::new(&["CREATE ROLE site LOGIN", "CREATE ROLE lost LOGIN", "CREATE ROLE nowhere LOGIN"]);
    office.sql(&[
        "CREATE SCHEMA office AUTHORIZATION site",
        "ALTER ROLE site IN DATABASE jigai SET search_path = office",
        "ALTER ROLE nowhere IN DATABASE jigai SET search_path = gone",
        "GRANT CREATE ON SCHEMA public TO lost",
    ]);
    let nowhere = office.refused("nowhere", &["migrate"]);
    nowhere.says("search_path 是 gone").says("CREATE SCHEMA jigai AUTHORIZATION nowhere");
    let site = office.as_role("site", "");
    site.import_fuzhou();
    site.publish("2021-05", &[]).assert_done();
    site.jigai(&["verify"]).assert_done();
    let public = "SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'";
    assert_eq!(office.as_role("postgres", "").query(public), ["0"]);
    for command in [&["verify"][..], &["migrate"], &SERVE] {
        let lost = office.refused("lost", command);
        lost.says("jigai 的表在模式 office 里").says("ALTER ROLE lost IN DATABASE jigai SET search_path = office");
    }
    // Another schema before it: what is there is proved all the same.
    office.sql(&[
        "CREATE SCHEMA own AUTHORIZATION site",
        "ALTER ROLE site IN DATABASE jigai SET search_path = own, office",
    ]);
    site.jigai(&["verify"]).assert_done().says("报送数据 28 行");
    site.jigai(&["user", "policy", "public_reading", "open"]).assert_done();
}

/// What `migrate --print` prints is what `migrate` does: of an empty database, and of one of an older form.
#[test]
fn the_printed_sql_leaves_what_migrate_leaves() {
    let office = Managed::new(&["CREATE ROLE site LOGIN"]);
    let by_hand = |app: &TestApp, sql: &str| {
        let file = app.folder.write("upgrade.sql", sql);
        let url = format!("postgres://postgres@127.0.0.1:{}/jigai", office.server.port);
        let mut psql = std::process::Command::new("psql");
        assert!(
            psql.args(["-q", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", &url, "-f", &file])
                .status()
                .unwrap()
                .success()
        );
    };
    let admin = office.as_role("postgres", "");
    let printed = admin.jigai(&["migrate", "--print"]).assert_done().out.clone();
    assert_eq!(admin.query("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'"), ["0"]);
    by_hand(&admin, &printed);
    let nothing = admin.jigai(&["migrate", "--print"]);
    assert!(nothing.assert_done().out.starts_with("-- ") && !nothing.out.contains("CREATE"), "{nothing:?}");
    let shape = |app: &TestApp| {
        [
            "SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) \
             FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1",
            "SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint \
             WHERE connamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
            "SELECT prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT concat_ws(' ', version, description, success, encode(checksum, 'hex')) FROM _sqlx_migrations ORDER BY version",
        ]
        .map(|sql| app.query(sql))
    };
    let migrated = TestApp::new(Engine::Postgres);
    migrated.jigai(&["migrate"]).assert_done();
    assert_eq!(shape(&admin), shape(&migrated));
    admin.import_fuzhou();
    admin.publish("2021-05", &[]).assert_done();
    admin.jigai(&["verify"]).assert_done();

    // Of an older form: the last step is forgotten, with what it made.
    office.sql(&[
        "DROP TABLE return_message",
        "DELETE FROM audit_action WHERE name IN ('write_message', 'see_message')",
        "DELETE FROM _sqlx_migrations WHERE version = 50",
    ]);
    office.sql(&["GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO site"]);
    let site = office.as_role("site", "");
    office.refused("site", &["migrate"]).says("表是 postgres 的").says("migrate --print");
    let left = site.jigai(&["migrate", "--print"]).assert_done().out.clone();
    assert!(left.contains("CREATE TABLE return_message") && !left.contains("CREATE TABLE edition"), "{left}");
    by_hand(&admin, &left);
    assert_eq!(shape(&admin), shape(&migrated));
    admin.jigai(&["verify"]).assert_done();
}

/// Set to read only, by the server or for a role: told for what it is, and no standby is promoted for it.
#[test]
fn a_role_set_to_read_only_is_told() {
    let office = Managed::new(&["CREATE ROLE quiet LOGIN"]);
    office.refused("quiet", &["verify"]).says("还没有 jigai 的表");
    let owner = office.as_role("postgres", "");
    owner.import_fuzhou();
    office.sql(&[
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO quiet",
        "ALTER ROLE quiet SET default_transaction_read_only = on",
    ]);
    let quiet = office.as_role("quiet", "");
    quiet.jigai(&["verify"]).assert_done();
    let refused = quiet.publish("2021-05", &[]);
    assert_eq!(refused.code, 1, "{refused:?}");
    refused.says("只读").says("ALTER ROLE 用户 SET default_transaction_read_only = off");
    let wanted = office.as_role("quiet", "?target_session_attrs=read-write").jigai(&["bulletin", "list"]);
    wanted.says("设成了只读（default_transaction_read_only）");
}

/// What stands behind `?` is told where it is wrong, and does what it says where it is right.
#[test]
fn settings_of_the_connection_work() {
    let office = Managed::new(&[]);
    let owner = office.as_role("postgres", "?prepared=on");
    owner.import_fuzhou();
    let publish = |rest: &str| office.as_role("postgres", rest).publish("2021-05", &[]);
    publish("?statement_timeout=soon").says("statement_timeout=soon 不对").says("30s");
    publish("?poolsize=3").says("没有这一项设置").says("pool_size");
    // Somebody holds the trail.
    let held = owner.hold_lock();
    let begun = std::time::Instant::now();
    publish("?lock_timeout=300ms").says("数据库正被另一个程序占用");
    assert!(begun.elapsed().as_secs() < 4);
    publish("?lock_timeout=20s&statement_timeout=300ms").says("超过了 statement_timeout");
    drop(held);
    publish("?lock_timeout=20s&statement_timeout=30s&pool_size=3&connect_timeout=2&prepared=on").assert_done();
    office.as_role("postgres", "?prepared=on").jigai(&["verify"]).assert_done().says("通报 1 版");
}

/// TLS to the database: asked for and not there, there and trusted, there and not.
#[test]
fn tls_to_the_database_is_as_its_settings_say() {
    let office = Managed::new(&[]);
    let at = |rest: &str| office.as_role("postgres", rest).jigai(&["migrate"]);
    at("?sslmode=require").says("没有开 ssl");
    at("?sslmode=verify-full&sslrootcert=/nowhere.pem").says("这个文件打不开");
    let file = |name: &str| tests::root().join("tests/fixtures/tls").join(name);
    let root = format!("&sslrootcert={}", file("root.pem").display());
    office.server.use_tls(&file("database.pem"), &file("database.key.pem"));
    at("?sslmode=require").assert_done();
    at("?sslmode=verify-ca").says("证书对不上").says("sslrootcert");
    at(&format!("?sslmode=verify-ca{root}")).assert_done();
    at(&format!("?sslmode=verify-full{root}")).assert_done();
    // Who accepts nothing but TLS gets it.
    office.server.require_tls();
    at("?sslmode=disable").says("连不上");
    at(&format!("?sslmode=verify-full{root}")).assert_done();
}

/// Behind PgBouncer in transaction mode each transaction is another session's: commands, forms and pages of two copies
/// work all the same. (`cargo xtask long pooler` runs every black-box test so.)
#[test]
fn everything_works_behind_a_pooler() {
    let office = Managed::new(&[]);
    let bouncer = Bouncer::before(office.server.port);
    let url = |rest: &str| format!("postgres://postgres@127.0.0.1:{}/jigai{rest}", bouncer.port);
    let app = TestApp::new(Engine::Sqlite).on_database(&url(""));
    app.jigai(&["migrate", "--print"]).assert_done().says("CREATE TABLE IF NOT EXISTS _sqlx_migrations");
    let (fuqing, twin) = ("350181", app.another_copy());
    let staff = Office::with_figures(app, &["350181,2021-05,110.5,100.25,,"]);
    let other = twin.at(OPEN).start(&[]);
    staff.submit_fuqing();
    staff.step("fuqing.sh", fuqing, "sign_off", &[]);
    staff.step("shenhe", fuqing, "approve", &[]);
    std::thread::scope(|scope| {
        for copy in [&staff.site, &other, &staff.site, &other] {
            scope.spawn(|| {
                for _ in 0..5 {
                    let person = copy.as_person(staff.cookie("shenhe"));
                    person.get("/review/fuzhou-2021/2021-06").assert_success().shows("福清市");
                    person.get("/report/fuzhou-2021/2021-06/350181").assert_success().shows("140.5");
                    person.get("/units/fuzhou-2021/350181").assert_success();
                    copy.get("/readyz").assert_success();
                }
            });
        }
    });
    drop(other);
    let app = staff.site.stop();
    let posts = app.jigai(&["post", "list"]).assert_done().out.clone();
    let publisher = posts.split_whitespace().find(|word| word.contains("publisher")).unwrap();
    app.publish("2021-05", &["--as", publisher]).assert_done();
    app.jigai(&["verify"]).assert_done().says("通报 1 版");
    let backup = app.folder.path().join("backup.db").display().to_string();
    app.jigai(&["backup", &backup]).assert_done();
    office.server.sql(&["CREATE DATABASE again"]);
    let again = TestApp::new(Engine::Sqlite).on_database(&url("").replace("/jigai", "/again"));
    again.jigai(&["restore", &backup]).assert_done();
    again.jigai(&["verify"]).assert_done().says("通报 1 版");
}
